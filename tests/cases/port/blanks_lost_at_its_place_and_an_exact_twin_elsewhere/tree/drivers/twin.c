static int ring_a(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->busy = 1; 
	ring->head = ring->tail;
	ring->busy = 0;
	spin_unlock(&ring->lock);
	return 0;
}

static int ring_b(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->busy = 1;
	ring->head = ring->tail;
	ring->busy = 0;
	spin_unlock(&ring->lock);
	return 0;
}

