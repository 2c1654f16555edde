#define RADIO_ON 1
#define RADIO_OFF 0
#define RADIO_MUTE 3

#define RADIO_MINOR 64
#define RADIO_MAJOR 10
#define RADIO_SCAN 9

struct radio;
