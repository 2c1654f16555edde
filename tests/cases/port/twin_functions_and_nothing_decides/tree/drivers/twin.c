int ring_pad0;
int ring_pad1;
int ring_pad2;
int ring_pad3;
int ring_pad4;
int ring_pad5;
int ring_pad6;
static int ring_c(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->busy = 1;
	ring->head = ring->tail;
	ring->busy = 0;
	spin_unlock(&ring->lock);
	return 0;
}

static int ring_d(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->busy = 1;
	ring->head = ring->tail;
	ring->busy = 0;
	spin_unlock(&ring->lock);
	return 0;
}

static int ring_e(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->busy = 1;
	ring->head = ring->tail;
	ring->busy = 0;
	spin_unlock(&ring->lock);
	return 0;
}

