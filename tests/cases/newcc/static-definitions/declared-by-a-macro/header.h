extern struct kind lamp_kind;
