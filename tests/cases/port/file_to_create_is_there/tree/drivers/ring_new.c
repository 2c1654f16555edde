int ring_mode;

int ring_speed;
