int tv;
