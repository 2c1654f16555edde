char *s = "one \
two"; /* "a
b" */
