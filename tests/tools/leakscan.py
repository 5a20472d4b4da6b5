#!/usr/bin/env python3
# ruff: noqa: B007, E401, E501, E701, E702, E731, E741, F841, I001, PTH112, PTH113, PTH114, PTH118, PTH123, RUF005, SIM115
"""leakscan.py - find a subject's data where it must not be.
  leakscan.py disk  MARKERS.txt PATH...            scan files, or a raw image / block device, for each marker in every encoding
  leakscan.py trace MARKERS.txt [--allow REGEX] -- CMD...   run CMD under strace; scan every byte it writes to any file
                                                     (catches temp files that are deleted before the end; no root needed)
A marker is a UTF-8 line of MARKERS.txt (>= 8 chars) or `@file` (raw bytes, e.g. a photo's first 64 KiB after its header).
Encodings: utf-8, NFD, utf-16le/be, case-folded, hex, base64 (3 alignments, std and url-safe), percent, JSON \\u, XML refs,
and inside zlib/gzip/raw-deflate/ASCII85 runs (PDF, PNG, zip). Exit 1 = found."""
import sys, os, re, base64, zlib, unicodedata, urllib.parse, subprocess, tempfile, collections
def forms(m):
    out = {}
    if isinstance(m, bytes):
        for k in range(0, max(1, len(m) - 48), max(48, len(m) // 16)):
            if len(set(m[k:k + 48])) > 8: out[f'bytes@{k}'] = m[k:k + 48]           # a run of zeros is in every file and tells nothing
        return out
    for tag, s in (('', m), ('nfd', unicodedata.normalize('NFD', m)), ('lower', m.lower()), ('upper', m.upper())):
        b = s.encode(); out[tag + 'utf8'] = b
        for e in ('utf-16-le', 'utf-16-be'): out[tag + e] = s.encode(e)
        if tag in ('lower', 'upper'): continue
        out[tag + 'hex'] = b.hex().encode(); out[tag + 'HEX'] = b.hex().upper().encode()
        for sh in range(3):                                        # base64 of the marker at each alignment, ambiguous edge characters cut
            c = base64.b64encode(b'\0' * sh + b); c = c[(0, 2, 3)[sh]:].rstrip(b'=')[:-1]
            if len(c) >= 8: out[f'{tag}b64/{sh}'] = c; out[f'{tag}b64u/{sh}'] = c.translate(bytes.maketrans(b'+/', b'-_'))
        out[tag + 'pct'] = urllib.parse.quote(s, safe='').encode(); out[tag + 'json'] = s.encode('ascii', 'backslashreplace')
        out[tag + 'xml'] = s.encode('ascii', 'xmlcharrefreplace'); out[tag + 'latin1'] = s.encode('latin-1', 'ignore')
    return {k: v for k, v in out.items() if len(v) >= 6}
def hits(buf, F, where, found, depth=0):
    low = None
    for (m, k), v in F.items():
        i = buf.find(v)
        if i >= 0: found[m, k, where] += 1
    if depth < 2:
        for mt in re.finditer(rb'\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04', buf):
            i = mt.start(); w = {0x78: 15, 0x1f: 31}.get(buf[i], -15)
            if w == -15:
                if i + 30 > len(buf): continue
                i += 30 + int.from_bytes(buf[i + 26:i + 28], 'little') + int.from_bytes(buf[i + 28:i + 30], 'little')
            try: d = zlib.decompressobj(w).decompress(buf[i:i + (1 << 24)], 1 << 25)
            except zlib.error: continue
            if len(d) > 32: hits(d, F, where + '>deflate', found, depth + 1)
        for mt in re.finditer(rb'stream\r?\n([!-u\sz]{8,}~>)', buf):            # PDF ASCII85 (ReportLab's default), then maybe Flate
            try: d = base64.a85decode(b'<~' + re.sub(rb'\s', b'', mt.group(1)), adobe=True)
            except ValueError: continue
            hits(d, F, where + '>a85', found, depth + 1)
def markers(p):
    F = {}
    for l in open(p, encoding='utf-8').read().splitlines():
        if l.strip():
            m = open(l[1:], 'rb').read() if l.startswith('@') else l
            for k, v in forms(m).items(): F[l, k] = v
    return F
def disk(F, paths):
    found = collections.Counter(); n = 0
    def one(p):
        nonlocal n; W = 64 << 20; keep = b''
        with open(p, 'rb') as f:
            while True:
                b = f.read(W)
                if not b: break
                n += len(b); hits(keep + b, F, p, found); keep = b[-65536:]
    for p in paths:
        if os.path.isdir(p):
            for r, ds, fs in os.walk(p):
                for x in ds + fs: hits(os.fsencode(x), F, os.path.join(r, x) + ' (name)', found)
                for x in fs:
                    q = os.path.join(r, x)
                    if os.path.isfile(q) and not os.path.islink(q): one(q)
                    try:
                        for a in os.listxattr(q): hits(os.getxattr(q, a), F, q + ' xattr', found)
                    except OSError: pass
        else: one(p)
    return found, n
def tracecmd(F, allow, cmd):
    found = collections.Counter(); n = 0
    with tempfile.TemporaryDirectory() as t:
        log = t + '/log'
        rc = subprocess.run(['strace', '-f', '--seccomp-bpf', '-y', '-q', '-qq', '-xx', '-s', str(1 << 26), '-e', 'signal=none', '-o', log, '-e',
             'trace=write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,?rename,?renameat,?renameat2,mkdir,?mkdirat,symlink'] + cmd).returncode
        per = collections.defaultdict(bytearray)
        unx = lambda s: bytes.fromhex(s.replace('\\x', ''))
        for l in open(log, encoding='latin-1'):
            m = re.match(r'^\d+ +(\w+)\(\d+<([^>]*)>', l); data = b''.join(unx(x) for x in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', l)); n += len(data)
            if m:
                p = m.group(2); p = unx(p).decode(errors='replace') if p.startswith('\\x') else p; per[p] += data
            else: per['(names)'] += data + b'\n'
        for p, b in per.items():
            if not (allow and re.search(allow, p)): hits(bytes(b), F, p, found)
    print(f'command exit {rc}; {len(per)} targets written'); return found, n
if __name__ == '__main__':
    a = sys.argv[1:]
    if len(a) < 3 or a[0] not in ('disk', 'trace'): sys.exit(__doc__)
    F = markers(a[1])
    if a[0] == 'disk': found, n = disk(F, a[2:])
    else:
        i = a.index('--'); allow = a[a.index('--allow') + 1] if '--allow' in a[:i] else None; found, n = tracecmd(F, allow, a[i + 1:])
    for (m, k, w), c in sorted(found.items(), key=str)[:40]: print(f'FOUND {m!r} as {k} in {w}')
    print(f'{len(found)} findings in {n} bytes, {len(F)} patterns'); sys.exit(1 if found else 0)
