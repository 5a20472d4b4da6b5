#!/usr/bin/env python3
# ruff: noqa: B023, C408, C416, E401, E501, E701, E702, E731, E741, F401, F841, I001, N805, PTH102, PTH103, PTH109, PTH118, PTH120, PTH123, RUF005, RUF059, SIM114, SIM115, SIM905, UP015, UP031
"""crashpoint.py - systematic crash / I/O-fault / power-loss explorer for a command that keeps data in a directory.

  crashpoint.py --setup CMD --run CMD --check CMD [--mode kill,eio,enospc,sticky-enospc,replay] [options]

CMD is a shell line; `{dir}` is the store directory. `--run` prints what it has promised (e.g. "ACK <id> ...") on
stdout; `--check` gets that stdout on its stdin, recovers the store and exits 0 when every promise holds.

kill    for every state-changing syscall on a path under {dir}: run again, SIGKILL on entry to that syscall
        (the kernel skips a syscall whose entry meets a fatal signal, so 'entry of k+1' is also 'exit of k').
eio/enospc/erofs/edquot   the same points, the call fails once with that errno; the run may fail cleanly, the check must hold.
sticky-X  the call and every later call of that name fail (full disk, dead card).
replay  one traced run; every prefix of its writes is rebuilt under power-loss policies:
        kill (all applied) | torn (last write cut at a 512-byte edge) | lostdata (names kept, unsynced bytes gone)
        | lostmeta (unsynced creates/renames/unlinks gone) | random (seeded subset of what was not synced)

strace counts `when=` per syscall name and per thread; points are therefore (name, ordinal in its thread). A run whose
death did not happen where the plan said (thread races) is reported as 'drift', not dropped.
Needs: strace >= 5.2 with ptrace allowed. No root, no kernel module, no FUSE. Exit 0 = nothing violated."""
import argparse, collections, concurrent.futures as cf, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

MUT = ('write pwrite64 writev pwritev pwritev2 ftruncate truncate fallocate rename renameat renameat2 unlink unlinkat '
       'rmdir mkdir mkdirat link linkat symlink symlinkat fsync fdatasync sync_file_range msync sendfile copy_file_range').split()
CREATE = ['open', 'openat', 'creat']
AUX = ['lseek', 'dup', 'dup2', 'dup3', 'fcntl', 'close', 'clone', 'clone3', 'fork', 'vfork', 'mmap']
LINE = re.compile(r'^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(.*)$', re.S)

class Server:
    """--check-server CMD: one long-lived checker per job; a JSON line {"dir","acks"} in, a line 'OK' or 'VIOLATED ...' out."""
    def __init__(s, cmd): s.cmd, s.free, s.all = cmd, [], []
    def ask(s, d, acks):
        p = s.free.pop() if s.free else None
        if p is None or p.poll() is not None:
            p = subprocess.Popen(['/bin/sh', '-c', 'exec ' + s.cmd], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True); s.all.append(p)
        p.stdin.write(json.dumps(dict(dir=d, acks=acks.decode('latin-1'))) + '\n'); p.stdin.flush(); l = p.stdout.readline()
        s.free.append(p)
        return subprocess.CompletedProcess([], 0 if l.startswith('OK') else 1, l.encode(), b'')
    def close(s):
        for p in s.all: p.stdin.close(); p.wait(10)

def checked(o, d, acks):
    if o.server: return o.server.ask(d, acks)
    return sh(o.check, d, input=acks, capture_output=True, timeout=o.timeout)

def sh(cmd, d, **kw): return subprocess.run(['/bin/sh', '-c', 'exec ' + cmd.replace('{dir}', d)], **kw)

def merged(log):
    """strace -f lines with unfinished/resumed halves joined, in order of completion."""
    half = {}
    with open(log, 'r', encoding='latin-1') as f:
        for l in f:
            l = l.rstrip('\n'); m = re.match(r'^(\d+) +(.*)$', l, re.S)
            if not m: continue
            pid, rest = m.groups()
            if rest.endswith('<unfinished ...>'): half[pid] = rest[:-len('<unfinished ...>')].rstrip(); continue
            r = re.match(r'^<\.\.\. \w+ resumed>(.*)$', rest, re.S)
            if r: rest = half.pop(pid, '') + r.group(1)
            yield f'{pid} {rest}'
        for pid, rest in half.items(): yield f'{pid} {rest}) = ?'

def trace(cmd, d, log, calls, data=False, inject=None, timeout=120):
    a = ['strace', '-f', '-y', '-q', '-qq', '-o', log, '-e', 'trace=' + ','.join('?' + c for c in calls), '-e', 'signal=none']
    if data: a += ['-xx', '-s', str(1 << 26)]
    else: a += ['-s', '4096']
    if inject: a += ['-e', inject]
    if not inject or 'signal=' not in inject: a.insert(2, '--seccomp-bpf')       # measured: strace 6.1 drops signal injection under seccomp-bpf
    return subprocess.run(a + ['/bin/sh', '-c', 'exec ' + cmd.replace('{dir}', d)], capture_output=True, timeout=timeout)

def touches(name, args, d, created=False):
    if name in CREATE: return ('"%s/' % d in args) and 'O_CREAT' in args
    return ('<%s' % d in args) or ('"%s/' % d in args)

def plan(log, d):
    """[(syscall, ordinal in its thread, short text)] for the calls that change the store."""
    n = collections.Counter(); pts = []
    for l in merged(log):
        m = LINE.match(l)
        if not m: continue
        pid, name, args, *_ = m.groups(); n[pid, name] += 1
        if touches(name, args, d): pts.append((name, n[pid, name], re.sub(r'"[^"]{60,}"\.*', '"..."', args)[:110].replace(d, '')))
    return pts

# ---------------------------------------------------------------- live injection
def live(o, base, mode, pt):
    name, k, text = pt
    w = tempfile.mkdtemp(prefix='cp_', dir=o.scratch); d = o.fixed or os.path.join(w, 's')
    try:
        o.fixed and shutil.rmtree(d, ignore_errors=True); shutil.copytree(base, d, symlinks=True)
        if mode == 'kill': inj = f'inject={name}:signal=KILL:when={k}'
        else:
            e = mode.replace('sticky-', '').upper(); inj = f'inject={name}:error={e}:when={k}' + ('+' if mode.startswith('sticky') else '')
        hung = False; err = b''
        try: r = trace(o.run, d, w + '/log', MUT + CREATE, inject=inj, timeout=o.timeout); out, rc, err = r.stdout, r.returncode, r.stderr
        except subprocess.TimeoutExpired as e: out, rc, hung = e.stdout or b'', -1, True
        hit = any('INJECTED' in l for l in open(w + '/log', encoding='latin-1')) if mode != 'kill' else rc in (-9, 137)
        crash = (mode != 'kill') and (rc < 0 and rc != -1 or rc > 128)                # died of a signal on a plain error
        silent = (mode != 'kill') and rc == 0 and hit                                # said all is well (fine if check agrees)
        c = checked(o, d, out)
        crash = crash or b'Traceback (most recent call last)' in err                  # nobody shall ever see one
        ok = c.returncode == 0 and not crash and not hung
        return dict(mode=mode, at=f'{name}#{k} {text}', ok=ok, hit=hit, rc=rc, silent=silent, hung=hung,
                    said=(c.stdout + c.stderr + (err if crash else b'')).decode(errors='replace').strip()[-300:])
    finally: shutil.rmtree(w, ignore_errors=True)

# ---------------------------------------------------------------- power-loss replay
class Ino:
    def __init__(s, content=b''): s.durable = bytes(content); s.ops = []          # ops since the last fsync: (off, bytes) | ('trunc', n)
def put(buf, op):
    if op[0] == 'trunc': n = op[1]; return buf[:n] + b'\0' * max(0, n - len(buf))
    off, b = op
    if off > len(buf): buf = buf + b'\0' * (off - len(buf))
    return buf[:off] + b + buf[off + len(b):]
unx = lambda s: bytes.fromhex(s.replace('\\x', ''))
STR = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')

def ops_of(log, d):
    """The store's mutations as abstract ops, with acknowledgements (bytes to fd 1) in between."""
    tab = {}; ops = []; unmodelled = collections.Counter(); warned = set()
    dh = d
    def table(pid): return tab.setdefault(pid, {})
    def rel(p): p = os.path.normpath(p); return os.path.relpath(p, d) if p == d or p.startswith(d + '/') else None
    for l in merged(log):
        m = LINE.match(l)
        if not m: continue
        pid, name, args, ret, tail = m.groups()
        if ret in ('?', '-1'): continue
        ret = int(ret, 0); T = table(pid)
        strs = [unx(x) for x in STR.findall(args)]
        fdm = re.match(r'(\d+)<((?:\\x[0-9a-f]{2})+|[^>]*)>', args)
        fd = int(fdm.group(1)) if fdm else None
        fpath = fdm.group(2) if fdm else ''
        fpath = unx(fpath).decode(errors='surrogateescape') if fpath.startswith('\\x') else fpath
        def path(i):                                                             # i-th string argument, resolved against its dirfd
            p = os.fsdecode(strs[i])
            if p.startswith('/'): return rel(p)
            dirs = re.findall(r'(?:AT_FDCWD|\d+)<([^>]*)>', args)
            b = dirs[min(i, len(dirs) - 1)] if dirs else os.getcwd()
            b = unx(b).decode() if b.startswith('\\x') else b
            return rel(os.path.join(b, p))
        if name in ('clone', 'clone3', 'fork', 'vfork'):
            tab[str(ret)] = T if ('CLONE_FILES' in args or 'CLONE_THREAD' in args) else {k: v for k, v in T.items()}; continue
        if name in CREATE:
            p = path(0); T[ret] = ofd = dict(path=p, off=0, app='O_APPEND' in args)
            if p is not None and 'O_TMPFILE' in args:
                ofd['anon'] = f'\0anon{len(ops)}'; ops.append(('create', ofd['anon']))
            elif p is not None:
                if 'O_CREAT' in args or name == 'creat': ops.append(('create', p))
                if 'O_TRUNC' in args: ops.append(('trunc', p, 0))
            continue
        if name in ('dup', 'dup2', 'dup3') or (name == 'fcntl' and 'F_DUPFD' in args): T[ret] = T.get(fd, dict(path=None, off=0, app=False)); continue
        if name == 'close': T.pop(fd, None); continue
        ofd = T.get(fd)
        if name == 'lseek' and ofd: ofd['off'] = ret; continue
        if name == 'mmap':
            mm = re.search(r'MAP_SHARED[^,]*, \d+<([^>]*)>', args)
            if mm and 'PROT_WRITE' in args:
                p = mm.group(1); p = unx(p).decode() if p.startswith('\\x') else p
                if rel(p) and not p.endswith('-shm'): unmodelled['mmap ' + rel(p)] += 1
            continue
        if name == 'write' and fd == 1 and (fpath.startswith('pipe:') or not ofd): ops.append(('ack', b''.join(strs)[:ret])); continue
        inroot = rel(fpath) if fpath.startswith('/') else None
        if name in ('write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'):
            if inroot is None: continue
            fn = (ofd or {}).get('anon') or (None if '>(deleted)' in args[:len(fdm.group(0)) + 12] else inroot); b = b''.join(strs)[:ret]
            if name == 'pwrite64': off = int(args.rsplit(',', 1)[1])
            elif name in ('pwritev',): off = int(args.rsplit(',', 1)[1])
            else:
                if ofd is None: ofd = T[fd] = dict(path=inroot, off=0, app=False)
                off = None if ofd['app'] else ofd['off']
                ofd['off'] += ret
            if fn is not None: ops.append(('write', fn, off, b))
            continue
        if name in ('fsync', 'fdatasync') and inroot is not None: ops.append(('sync', (ofd or {}).get('anon') or inroot)); continue
        if name == 'sync_file_range': continue                                   # gives no durability promise
        if name == 'ftruncate' and inroot is not None: ops.append(('trunc', (ofd or {}).get('anon') or inroot, int(args.rsplit(',', 1)[1]))); continue
        if name == 'truncate' and path(0) is not None: ops.append(('trunc', path(0), int(args.rsplit(',', 1)[1]))); continue
        if name.startswith('rename') and (path(0) is not None or path(1) is not None): ops.append(('rename', path(0), path(1))); continue
        if name in ('unlink', 'unlinkat', 'rmdir') and path(0) is not None: ops.append(('unlink', path(0))); continue
        if name in ('mkdir', 'mkdirat') and path(0) is not None: ops.append(('mkdir', path(0))); continue
        if name in ('link', 'linkat') and path(1) is not None:
            pf = re.match(r'/proc/self/fd/(\d+)$', os.fsdecode(strs[0]))
            ops.append(('link', (T.get(int(pf.group(1))) or {}).get('anon') if pf else path(0), path(1))); continue
        if name in ('fallocate', 'sendfile', 'copy_file_range', 'symlink', 'symlinkat') and touches(name, args, d): unmodelled[name] += 1
    return ops, unmodelled

def load(base):
    ns = {}
    for r, ds, fs in os.walk(base):
        for x in ds: ns[os.path.relpath(os.path.join(r, x), base)] = 'dir'
        for x in fs: ns[os.path.relpath(os.path.join(r, x), base)] = Ino(open(os.path.join(r, x), 'rb').read())
    return ns

def states(base, ops, policies, seeds, want=None):
    """yield (label, acks so far, {path: bytes|'dir'}) for each crash point and policy."""
    live_ns = load(base); pend = []                                              # pend: namespace ops not yet synced: (fn, parent dirs)
    dur_ns = dict(live_ns); acks = b''; idx = -1
    def apply_ns(ns, op):
        k = op[0]
        if k == 'create': ns.setdefault(op[1], op[2])
        elif k == 'mkdir': ns[op[1]] = 'dir'
        elif k == 'unlink': ns.pop(op[1], None)
        elif k == 'link':
            if op[3] is not None: ns[op[2]] = op[3]
        elif k == 'rename':
            a, b = op[1], op[2]
            if ns.get(a) == 'dir':
                for p in [p for p in ns if p == a or p.startswith(a + '/')]: ns[b + p[len(a):]] = ns.pop(p)
            elif a in ns: ns[b] = ns.pop(a)
            elif op[3] is not None and b is not None: ns[b] = op[3]
    par = lambda p: os.path.dirname(p) or '.'
    def content(ino, pol, rng):
        if pol in ('lostdata',): return ino.durable
        if pol == 'random':
            buf = ino.durable
            for x in ino.ops:
                if rng.random() < .5: buf = put(buf, x)
            return buf
        buf = ino.durable
        for x in ino.ops: buf = put(buf, x)
        return buf
    for i, op in enumerate(ops):
        torn = None
        if op[0] == 'ack': acks += op[1]
        elif op[0] == 'write':
            ino = live_ns.get(op[1])
            if not isinstance(ino, Ino): continue                               # unlinked while open
            off = op[2]
            if off is None: off = len(content(ino, 'kill', None))
            if len(op[3]) > 1: torn = (ino, (off, op[3][:max(1, len(op[3]) // 2 // 512 * 512 or len(op[3]) // 2)]))
            ino.ops.append((off, op[3]))
        elif op[0] == 'trunc':
            ino = live_ns.get(op[1]);  isinstance(ino, Ino) and ino.ops.append(('trunc', op[2]))
        elif op[0] == 'sync':
            x = live_ns.get(op[1])
            if isinstance(x, Ino):
                x.durable = content(x, 'kill', None); x.ops = []
                keep = []
                for q in pend:                                                   # ext4/xfs/btrfs: fsync of a new file persists its name
                    if q[0] == 'create' and q[2] is x: apply_ns(dur_ns, q)
                    else: keep.append(q)
                pend = keep
            else:
                keep = []
                for q in pend:
                    if any(par(p) == op[1] for p in q[1:3] if isinstance(p, str) and not p.startswith('\0')): apply_ns(dur_ns, q)
                    else: keep.append(q)
                pend = keep
        else:
            if op[0] == 'create':
                if op[1] in live_ns: continue
                q = ('create', op[1], Ino())
            elif op[0] in ('rename', 'link'): q = (op[0], op[1], op[2], live_ns.get(op[1]))
            else: q = op
            apply_ns(live_ns, q)
            if not q[1].startswith('\0') or q[0] != 'create': pend.append(q)
        for pol in policies:
            for s in (seeds if pol == 'random' else [0]):
                if pol == 'torn' and not torn: continue
                idx += 1
                if want is None or idx not in want: yield None; continue
                rng = random.Random(f'{i}/{s}')
                if pol == 'torn':
                    ino, cut = torn; last = ino.ops.pop(); ino.ops.append(cut)
                    st = {p: x if x == 'dir' else content(x, 'kill', None) for p, x in live_ns.items() if p[0] != '\0' and x is not None}
                    ino.ops[-1] = last
                elif pol in ('kill', 'lostdata'): st = {p: x if x == 'dir' else content(x, pol, rng) for p, x in live_ns.items() if p[0] != '\0' and x is not None}
                else:
                    ns = dict(dur_ns); n = rng.randint(0, len(pend)) if pol == 'random' else 0
                    for q in pend[:n]: apply_ns(ns, q)
                    st = {p: x if x == 'dir' else content(x, 'lostmeta' if pol == 'lostmeta' else pol, rng) for p, x in ns.items() if p[0] != '\0' and x is not None}
                yield f'{pol}@{i}{"/" + str(s) if pol == "random" else ""} after {op[0]} {op[1] if op[0] != "ack" else ""}', acks, st

def replay_one(o, item):
    label, acks, st = item
    w = tempfile.mkdtemp(prefix='cr_', dir=o.scratch); d = o.fixed or os.path.join(w, 's'); o.fixed and shutil.rmtree(d, ignore_errors=True); os.mkdir(d)
    try:
        for p in sorted(st):
            q = os.path.join(d, p); os.makedirs(q if st[p] == 'dir' else os.path.dirname(q), exist_ok=True)
            if st[p] != 'dir':
                with open(q, 'wb') as f: f.write(st[p])
        c = checked(o, d, acks)
        return dict(mode='replay', at=label, ok=c.returncode == 0, hit=True, rc=0, silent=False, hung=False,
                    said=(c.stdout + c.stderr).decode(errors='replace').strip()[-300:])
    finally: shutil.rmtree(w, ignore_errors=True)

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for x in ('setup', 'run'): ap.add_argument('--' + x, required=True)
    ap.add_argument('--check'); ap.add_argument('--check-server')
    ap.add_argument('--mode', default='kill'); ap.add_argument('--policy', default='kill,torn,lostdata,lostmeta,random')
    ap.add_argument('--seeds', type=int, default=2); ap.add_argument('--sample', type=int, help='random points/states instead of all')
    ap.add_argument('--seed', type=int, default=1); ap.add_argument('--jobs', type=int, default=os.cpu_count()); ap.add_argument('--timeout', type=float, default=60)
    ap.add_argument('--scratch', default=None); ap.add_argument('--fixed', default=None, help='use this one store path (jobs=1)'); ap.add_argument('--json'); ap.add_argument('--list', action='store_true')
    ap.add_argument('--strict-silent', metavar='REGEX', help='a run that exits 0 although a call failed is a violation unless its point matches REGEX')
    o = ap.parse_args(); o.scratch = os.path.realpath(o.scratch or tempfile.gettempdir())
    if o.fixed: o.jobs = 1
    o.server = Server(o.check_server) if o.check_server else None
    if not (o.check or o.server): ap.error('--check or --check-server')
    top = tempfile.mkdtemp(prefix='cpbase_', dir=o.scratch); base = top + '/base'; os.mkdir(base); rng = random.Random(o.seed); t0 = time.time(); res = []; un = {}
    try:
        sh(o.setup, base, check=True, stdout=subprocess.DEVNULL)
        d = o.fixed or top + '/s'; o.fixed and shutil.rmtree(d, ignore_errors=True); shutil.copytree(base, d, symlinks=True)
        only = o.mode == 'replay' and not o.list                                     # its one run is then the unharmed one too
        r = trace(o.run, d, top + '/log', MUT + CREATE + (AUX if only else []), data=only, timeout=600 if only else 120)
        if r.returncode: sys.exit(f'the unharmed run failed ({r.returncode}): {r.stderr[-500:].decode(errors="replace")}')
        if only: ops, un = ops_of(top + '/log', d); pts = [x for x in ops if x[0] != 'ack']
        else: pts = plan(top + '/log', d)
        c = checked(o, d, r.stdout)
        if c.returncode: sys.exit(f'the unharmed run does not pass its own check: {(c.stdout + c.stderr).decode(errors="replace")}')
        if o.list: [print(*p) for p in pts]; return 0
        if not pts: sys.exit('no state-changing syscall under the store: wrong {dir}?')
        with cf.ThreadPoolExecutor(o.jobs) as ex:
            for mode in o.mode.split(','):
                if mode == 'replay':
                    if not only:
                        d2 = o.fixed or top + '/r'; o.fixed and shutil.rmtree(d2, ignore_errors=True); shutil.copytree(base, d2, symlinks=True)
                        r = trace(o.run, d2, top + '/rlog', MUT + CREATE + AUX, data=True, timeout=600)
                        ops, un = ops_of(top + '/rlog', d2)
                    pols, seeds = o.policy.split(','), range(o.seeds)
                    total = sum(1 for _ in states(base, ops, pols, seeds))
                    want = set(rng.sample(range(total), o.sample) if o.sample and o.sample < total else range(total))
                    seen = set(); batch = []
                    def flush():
                        nonlocal res, batch
                        res += ex.map(lambda it: replay_one(o, it), batch); batch = []
                    for it in states(base, ops, pols, seeds, want):
                        if it is None: continue
                        key = hash((it[1], tuple(sorted((p, 'dir' if v == 'dir' else hash(v)) for p, v in it[2].items()))))
                        if key in seen: continue
                        seen.add(key); batch.append(it)
                        if len(batch) >= 64: flush()
                    flush()
                else:
                    ps = pts
                    if o.sample and len(ps) > o.sample: ps = rng.sample(ps, o.sample)
                    res += ex.map(lambda p: live(o, base, mode, p), ps)
    finally:
        shutil.rmtree(top, ignore_errors=True)
        if o.server: o.server.close()
    bad = [r for r in res if not r['ok']]; by = collections.Counter(r['mode'] for r in res)
    drift = sum(1 for r in res if not r['hit'])
    print(f'{len(pts)} points in one run; checked {dict(by)}; violated {len(bad)}; drift {drift}; hung {sum(r["hung"] for r in res)}; unmodelled {dict(un)}; {time.time() - t0:.1f} s')
    for r in bad[:12]: print(f'  VIOLATED {r["mode"]} {r["at"]}  rc={r["rc"]}: {r["said"]}')
    sil = [r for r in res if r['silent']]
    if sil: print(f'  {len(sil)} runs exited 0 although a call failed; each must be a call whose failure may be ignored:')
    for r in sil[:20]: print(f'    SILENT {r["mode"]} {r["at"]}')
    if o.strict_silent: bad += [r for r in sil if not re.search(o.strict_silent, r['at'])]
    if o.json: json.dump(dict(points=len(pts), results=res), open(o.json, 'w'), indent=1)
    if res and drift > len(res) / 2: print('  most injections did not take: this result proves nothing'); return 2
    return 1 if bad else 0
if __name__ == '__main__': sys.exit(main())
