unsigned int lamp_debug = 1;
