obj-$(CONFIG_LAMP) += lamp.o
obj-$(CONFIG_LAMPS) + = lamps.o
