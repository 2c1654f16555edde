extern struct ops link_ops;
