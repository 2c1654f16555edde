void radio_set_channel(struct radio *, int);
