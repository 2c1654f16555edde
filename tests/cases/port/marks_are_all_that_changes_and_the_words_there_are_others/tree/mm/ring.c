int ring_scan(struct ring *ring)
{
	struct entry *entry;

	down(&ring->lock);
	ring_walk(ring);
	up(&ring->lock);
	return ring->left;
}
