/* The modules of the build, loaded in their order and unloaded again, the last one first. */
#include "sys.h"
#include "insmod.h"

#define O_NONBLOCK 04000
#define LIST "/modules/list"
#define MOST 512

static const struct {
	int number;
	const char *name;
} errors[] = {
	{ 1, "EPERM" },	  { 2, "ENOENT" },  { 5, "EIO" },     { 6, "ENXIO" },
	{ 8, "ENOEXEC" }, { 12, "ENOMEM" }, { 14, "EFAULT" }, { 16, "EBUSY" },
	{ 17, "EEXIST" }, { 19, "ENODEV" }, { 22, "EINVAL" }, { 38, "ENOSYS" },
};

static const char *error_name(long error)
{
	static char number[] = "E000";
	unsigned at;

	for (at = 0; at < sizeof(errors) / sizeof(errors[0]); at++)
		if (errors[at].number == error)
			return errors[at].name;
	for (at = 3; at > 0; at--, error /= 10)
		number[at] = '0' + error % 10;
	return number;
}

/* The whole file, in memory of its own. */
static char *contents(const char *path, ulong *size)
{
	int file = sys2(open, path, O_RDONLY);
	long length = sys3(lseek, file, 0, 2), done = 0, count;
	char *at;

	if (file < 0 || length <= 0)
		return NULL;
	at = map(NULL, length, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sys3(lseek, file, 0, 0);
	while (at != MAP_FAILED && done < length) {
		count = sys3(read, file, at + done, length - done);
		if (count <= 0)
			break;
		done += count;
	}
	sys1(close, file);
	*size = length;
	return at == MAP_FAILED || done < length ? NULL : at;
}

static long load(const char *name, const char *file, const char **missing)
{
	char path[32] = "/modules/";
	char *object;
	ulong size;
	long error;

	*missing = NULL;
	if (length(file) >= sizeof(path) - length(path))
		return 2;
	memcpy(path + length(path), file, length(file) + 1);
	object = contents(path, &size);
	if (!object)
		return 2;
	error = insmod(name, object, size, missing);
	/* what the user's own linker finds missing is named in the object */
	if (!*missing)
		sys2(munmap, object, size);
	return -error;
}

/* The machine has few devices: a driver that looks for its own and goes is in order. */
static int no_such_device(long error)
{
	return error == 19 || error == 6;
}

/* The next word at *AT, which ends it; NULL at the end. */
static char *word(char **at)
{
	char *begin;

	while (**at == ' ' || **at == '\n')
		(*at)++;
	begin = *at;
	while (**at && **at != ' ' && **at != '\n')
		(*at)++;
	if (begin == *at)
		return NULL;
	if (**at)
		*(*at)++ = 0;
	return begin;
}

static const char *unload_all(char *const *names, int count)
{
	const char *wrong = NULL;
	long error;

	while (count-- > 0) {
		error = -sys2(delete_module, names[count], O_NONBLOCK);
		report("ROW step=unload module=%s done=%d error=%s", names[count], !error,
		       error ? error_name(error) : "-");
		/* a kernel may be configured never to unload */
		if (error && error != 38)
			wrong = "a module did not unload";
	}
	return wrong;
}

const char *test_modules(void)
{
	static char list[MOST * 64], *loaded[MOST];
	const char *wrong = NULL, *missing, *unloaded;
	char *at = list, *name, *file;
	int count = 0;
	long error;

	if (read_file(LIST, list, sizeof(list)) <= 0)
		return "no modules in the image; build with --modules";
	while (count < MOST && (name = word(&at)) && (file = word(&at))) {
		error = load(name, file, &missing);
		report("ROW step=load module=%s done=%d error=%s%s", name, !error,
		       missing ? "unresolved:" : "",
		       missing ? missing : error ? error_name(error) : "-");
		if (!error)
			loaded[count++] = name;
		else if (!no_such_device(error))
			wrong = "a module did not load";
	}
	unloaded = unload_all(loaded, count);
	return wrong ? wrong : unloaded;
}
