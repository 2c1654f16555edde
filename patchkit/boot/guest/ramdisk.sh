# ramdisk.sh FOLDER ext2|cpio i386|x86_64: compile the guest's programs and put them on a ramdisk.
set -eu
folder=$1 kind=$2 arch=$3
cd "$folder"
case $arch in
i386) options="-m32 -march=i386 -mpreferred-stack-boundary=2" ;;
x86_64) options="-m64" ;;
esac
gcc $options -Os -Wall -Werror -static -nostdlib -ffreestanding -fno-pic -no-pie \
    -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
    -Wl,--build-id=none,-z,noexecstack -o init ./*.c
rm -rf ramdisk.gz ramdisk.img root
case $kind in
ext2)
    export E2FSPROGS_FAKE_TIME=1
    touch -d @1 init
    size=2048 list=
    if [ -d modules ]; then
        touch -d @1 modules/*
        # its own size and a tenth for what the file system needs to find it
        size=$((size + $(cat modules/* | wc -c) * 11 / 10240))
        list=$(echo mkdir modules; for at in modules/*; do echo "write $at $at"; done)
    fi
    /sbin/mke2fs -q -F -r 0 -O none -b 1024 -N 1024 -m 0 -U clear \
        -E hash_seed=00000000-0000-0000-0000-000000000001 ramdisk.img $size
    /sbin/debugfs -w -f - ramdisk.img >/dev/null 2>&1 <<END
mkdir dev
mkdir proc
write init init
set_inode_field init mode 0100755
$list
cd dev
mknod console c 5 1
END
    gzip -n9 < ramdisk.img > ramdisk.gz
    ;;
cpio)
    mkdir root
    cp init root/init
    [ ! -d modules ] || cp -r modules root
    find root -exec touch -d @0 {} +
    (cd root && find . | sort | cpio --quiet -o -H newc --reproducible --owner=0:0) > ramdisk.img
    gzip -n9 < ramdisk.img > ramdisk.gz
    ;;
esac
