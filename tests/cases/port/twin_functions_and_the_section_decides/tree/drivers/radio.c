int pad0;
int pad1;
int pad2;
int pad3;
int pad4;
int pad5;
int pad6;
int pad7;
int pad8;
int pad9;
int pad10;
int pad11;
int pad12;
int pad13;
int pad14;
int pad15;
int pad16;
int pad17;
int pad18;
int pad19;
int pad20;
int pad21;
int pad22;
int pad23;
int pad24;
int pad25;
int pad26;
int pad27;
int pad28;
int pad29;
static int radio_read(struct radio *radio)
{
	int error = 0;

	radio_lock(radio);
	error = radio_wait(radio);
	radio_unlock(radio);
	return error;
}

int pad0;
int pad1;
int pad2;
int pad3;
int pad4;
int pad5;
static int radio_write(struct radio *radio)
{
	int error = 0;

	radio_lock(radio);
	error = radio_wait(radio);
	radio_unlock(radio);
	return error;
}

