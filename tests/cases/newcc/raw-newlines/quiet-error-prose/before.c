#error don't "do
int x;
