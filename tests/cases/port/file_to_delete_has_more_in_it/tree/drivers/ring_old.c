int ring_mode;
int ring_speed;
int ring_more;
