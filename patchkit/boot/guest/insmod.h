/* Loads the module NAME, whose object file is the SIZE bytes at OBJECT: 0 or an error, negative.
 * MISSING is set to the symbol that could not be resolved, where the error is that. */
long insmod(const char *name, char *object, ulong size, const char **missing);
