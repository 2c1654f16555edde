/* note 1 on lamps */
/* note 2 on lamps */
/* note 3 on lamps */
/* note 4 on lamps */
/* note 5 on lamps */
/* note 6 on lamps */
/* note 7 on lamps */
/* note 8 on lamps */
/* note 9 on lamps */
/* note 10 on lamps */
/* note 11 on lamps */
/* note 12 on lamps */
/* note 13 on lamps */
/* note 14 on lamps */
/* note 15 on lamps */
/* note 16 on lamps */
/* note 17 on lamps */
/* note 18 on lamps */
/* note 19 on lamps */
/* note 20 on lamps */
/* note 21 on lamps */
/* note 22 on lamps */
/* note 23 on lamps */
/* note 24 on lamps */
/* note 25 on lamps */
/* note 26 on lamps */
/* note 27 on lamps */
/* note 28 on lamps */
/* note 29 on lamps */
/* note 30 on lamps */
int lamp_start(struct lamp *lamp)
{
	lamp_wake(lamp, LAMP_AT_ONCE);
	lamp->colour = AMBER;
	lamp->level = dimmed(lamp);
	fade_in_by_steps(100);
	lamp->is_lit = 1;
	return lamp_result(lamp);
}

/* remark 1 on what follows */
/* remark 2 on what follows */
/* remark 3 on what follows */
/* remark 4 on what follows */
/* remark 5 on what follows */
/* remark 6 on what follows */
/* remark 7 on what follows */
/* remark 8 on what follows */
/* remark 9 on what follows */
/* remark 10 on what follows */
/* remark 11 on what follows */
/* remark 12 on what follows */
/* remark 13 on what follows */
/* remark 14 on what follows */
/* remark 15 on what follows */
/* remark 16 on what follows */
/* remark 17 on what follows */
/* remark 18 on what follows */
/* remark 19 on what follows */
/* remark 20 on what follows */
/* remark 21 on what follows */
/* remark 22 on what follows */
/* remark 23 on what follows */
/* remark 24 on what follows */
/* remark 25 on what follows */
/* remark 26 on what follows */
/* remark 27 on what follows */
/* remark 28 on what follows */
/* remark 29 on what follows */
/* remark 30 on what follows */

int lamp_resume(struct lamp *lamp)
{
	lamp_wake(lamp, LAMP_AT_ONCE);
	lamp->colour = AMBER;
	lamp->level = dimmed(lamp);
	lamp_show(lamp, LAMP_NOW);
	lamp->is_lit = 1;
	return lamp_result(lamp);
}
