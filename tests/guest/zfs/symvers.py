"""Writes a Module.symvers out of a kernel program whose symbol table was stripped: the tables of exported symbols are part of the running kernel and stay.

    python3 symvers.py KERNEL > Module.symvers

The kernel must be a 64-bit little-endian ELF file built without CONFIG_HAVE_ARCH_PREL32_RELOCATIONS and CONFIG_MODVERSIONS, as every ARCH=um kernel is;
an entry is then three addresses: of the value, of the name, of the name of the symbol's namespace (include/linux/export.h of Linux 6.1).
"""

import struct
import sys

SHT_NOBITS = 8
TABLES = {"__ksymtab": "EXPORT_SYMBOL", "__ksymtab_gpl": "EXPORT_SYMBOL_GPL"}


class Elf:
    """The sections of an ELF file, by name and by the address that they are loaded at."""

    def __init__(self, data):
        if data[:6] != b"\x7fELF\x02\x01":
            sys.exit("symvers: this is no 64-bit little-endian ELF file")
        self.data = data
        (table,) = struct.unpack_from("<Q", data, 40)
        size, count, names = struct.unpack_from("<HHH", data, 58)
        # name, type, flags, address, offset, size
        headers = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]
        strings = headers[names][4]
        self.sections = {self.text(strings + header[0]): header[1:] for header in headers}

    def text(self, offset):
        return self.data[offset:self.data.index(b"\0", offset)].decode()

    def text_at(self, address):
        for kind, _, start, offset, size in self.sections.values():
            if kind != SHT_NOBITS and start and start <= address < start + size:
                return self.text(offset + address - start)
        sys.exit(f"symvers: no section holds the address {address:#x}")


def main():
    with open(sys.argv[1], "rb") as file:
        elf = Elf(file.read())
    for table, export in TABLES.items():
        _, _, _, offset, size = elf.sections[table]
        for _, name, namespace in struct.iter_unpack("<QQQ", elf.data[offset:offset + size]):
            print("0x00000000", elf.text_at(name), "vmlinux", export, elf.text_at(namespace) if namespace else "", sep="\t")


main()
