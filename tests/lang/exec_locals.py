# exec and eval with a mapping as locals; what locals() and eval see inside comprehensions.
def f():
    a=1
    r=[eval('q') for q in (3,)]
    r+=[sorted(locals()) for q in (4,)]
    r+=[sorted(x for x in dir()) for q in (4,)]
    r+=[eval('[a,q,w]') for q in (1,2) for w in (3,)]
    r+=[locals()['a'] for a in (7,8)]
    r+=[{k: eval('k') for k in (1,)}, {eval('z') for z in (2,)}]
    r+=[vars()['q'] for q in (5,)]
    r+=[[locals()['i'] + locals()['j'] for j in range(2)] for i in range(2)]
    r.append(sorted(locals()))
    r.append(a)
    return r
print(f())
print([eval('q') for q in (3,)], [locals()['q'] for q in (4,)], ['q' in globals() for q in (1,)], ['f' in locals() for q in (1,)])
class C:
    z=2
    r=[eval('q') for q in (3,)], [locals()['q'] for q in (4,)], ['z' in locals() for q in (4,)]
    try: r2=[eval('z') for q in (3,)]
    except NameError as e: r2=str(e)
print(C.r, C.r2, 'q' in vars(C), 'q' in globals())
def g(n):
    t=0
    for i in range(n):
        t+=sum([eval('q') for q in (i,1)])
        t+=len([locals() for k in (1,)][0])
    return t
print(g(600))
class M(dict):
    def __missing__(s,k):
        log.append(k)
        if k=='magic': return 42
        raise KeyError(k)
log=[]
exec('y = magic + 1\ndel y\nz = len("abc")', {}, m:=M()); print(dict(m), log)
print(eval('magic', {}, M()), log)
try: eval('nomagic', {}, M())
except NameError as e: print(e)
class Map:
    def __init__(s): s.d={}
    def __getitem__(s,k): log.append(('get',k)); return s.d[k]
    def __setitem__(s,k,v): log.append(('set',k)); s.d[k]=v
    def __delitem__(s,k): log.append(('del',k)); del s.d[k]
log=[]
exec('x=1\ny=x+1\ndel x\nimport sys as q\nfor i in range(2): pass\nclass K: pass\ndef h(): return 5\n', {}, mm:=Map()); print(sorted(mm.d), log)
g={}; l={}
exec('x=1\ndef f(): return x\ntry: f()\nexcept NameError as e: print(e)\nglobal gg\ngg=3\nprint(sorted(locals()), "x" in globals())\nw=[x for _ in (1,)]', g, l); print(sorted(k for k in g if k!='__builtins__'), sorted(l))
try: exec('w=[x for _ in (1,) for y in (x,)]', {}, {'x':1}); print('ok')
except NameError as e: print(e)
try: exec('w=(lambda: x)()', {}, {'x':1}); print('ok')
except NameError as e: print(e)
for bad in (5, 'a', None, [], (1,)):
    try: exec('x=1', {}, bad); print('ok', bad)
    except Exception as e: print(type(e).__name__, e)
    try: print(eval('1', {}, bad))
    except Exception as e: print(type(e).__name__, e)
    try: exec('x=1', bad); print('ok', bad)
    except Exception as e: print(type(e).__name__, e)
def loc():
    a=5
    exec('a=6; b=a'); 
    return a, 'b' in locals(), eval('a+1'), exec('print(a)')
print(loc())
