void radio_tune(struct radio *, int);
