int group;
