#!/usr/bin/env python3
"""Moves only: git mv + package/import rewriting. Run in a clean checkout."""
import os, re, subprocess, sys, pathlib
def sh(*a): subprocess.run(a, check=True)
files = subprocess.run(['git','ls-files'],capture_output=True,text=True,check=True).stdout.split('\n')
J='java/dev/totem/'
CORE=['message','wire','packing','ordering','membership','protocol','group','node']
BENCH_KEEP={'BenchCommand','BenchContestants','LoadCommand'}
TESTKIT_TESTS=['scenario','defect','simulation']
moves=[]; # (old path, new path)
def mv(o,n): moves.append((o,n))
simusers=set()
for f in files:
    if not f: continue
    m=re.match(r'core/src/(main|test)/java/dev/totem/core/([a-z]+)/(.*)$',f)
    if m:
        kind,pk,rest=m.groups()
        if pk in('sim','check'):
            mv(f,f'testkit/src/{kind}/java/dev/totem/testkit/internal/{pk}/{rest}')
        elif kind=='test' and pk in TESTKIT_TESTS:
            mv(f,f'testkit/src/test/java/dev/totem/testkit/{pk}/{rest}')
        elif pk=='seal':
            if rest!='package-info.java': mv(f,f'core/src/{kind}/java/dev/totem/core/spi/{rest}')
            else: mv(f,None)
        elif kind=='test' and pk in CORE and re.search(r'^import dev\.totem\.core\.(sim|check)\.',open(f).read(),re.M):
            n=f'testkit/src/test/java/dev/totem/testkit/scenario/{rest}'; mv(f,n); simusers.add(n)
        elif pk in CORE:
            mv(f,f'core/src/{kind}/java/dev/totem/core/internal/{pk}/{rest}')
        elif kind=='test' and pk=='paper':
            mv(f,f'core/src/test/java/dev/totem/core/internal/paper/{rest}')
        elif kind=='test' and pk=='fuzz':
            mv(f,f'core/src/test/java/dev/totem/core/internal/fuzz/{rest}')
        continue
    m=re.match(r'benchmarks/src/(main|test)/java/dev/totem/benchmarks/cli/(\w[\w-]*)\.java$',f)
    if m:
        kind,name=m.groups()
        if name in BENCH_KEEP: continue
        if name=='TotemCommandTest': mv(f,'benchmarks/src/test/java/dev/totem/benchmarks/TotemCommandTest.java'); continue
        mv(f,f'cli/src/{kind}/java/dev/totem/cli/{name}.java'); continue
    m=re.match(r'benchmarks/src/main/java/dev/totem/benchmarks/lab/(.*)$',f)
    if m: mv(f,f'testkit/src/main/java/dev/totem/testkit/internal/lab/{m.group(1)}'); continue
    if f.startswith('benchmarks/src/test/fuzz/'): mv(f,'cli'+f[len('benchmarks'):]); continue
    if f=='benchmarks/src/main/resources/logback.xml': mv(f,'cli/src/main/resources/logback.xml'); continue
for o,n in moves:
    if n is None: sh('git','rm','-q',o); continue
    os.makedirs(os.path.dirname(n),exist_ok=True); sh('git','mv',o,n)
# rewriting
subs=[]
for p in CORE: subs.append((rf'\bdev([./])totem\1core\1{p}\b(?!\w)', lambda m,p=p: f'dev{m[1]}totem{m[1]}core{m[1]}internal{m[1]}{p}'))
for p in ('paper','fuzz'): subs.append((rf'\bdev([./])totem\1core\1{p}\b', lambda m,p=p: f'dev{m[1]}totem{m[1]}core{m[1]}internal{m[1]}{p}'))
for p in('sim','check'): subs.append((rf'\bdev([./])totem\1core\1{p}\b', lambda m,p=p: f'dev{m[1]}totem{m[1]}testkit{m[1]}internal{m[1]}{p}'))
for p in TESTKIT_TESTS: subs.append((rf'\bdev([./])totem\1core\1{p}\b', lambda m,p=p: f'dev{m[1]}totem{m[1]}testkit{m[1]}{p}'))
subs.append((r'\bdev([./])totem\1core\1seal\b', lambda m: f'dev{m[1]}totem{m[1]}core{m[1]}spi'))
subs.append((r'\bdev([./])totem\1benchmarks\1lab\b', lambda m: f'dev{m[1]}totem{m[1]}testkit{m[1]}internal{m[1]}lab'))
keep='|'.join(BENCH_KEEP)
subs.append((rf'\bdev\.totem\.benchmarks\.cli\.(?!(?:{keep})\b)(?=[A-Z])', lambda m:'dev.totem.cli.'))
text=[f for f in subprocess.run(['git','ls-files'],capture_output=True,text=True).stdout.split('\n') if re.search(r'\.(java|xml|md|properties|c)$|/run$|benchmarks/totem$',f)]
for f in text:
    s=open(f,encoding='utf8').read(); t=s
    for a,b in subs: t=re.sub(a,b,t)
    if f.startswith('cli/'): t=re.sub(r'^package dev\.totem\.benchmarks\.cli;',r'package dev.totem.cli;',t,flags=re.M)
    if t!=s: open(f,'w',encoding='utf8').write(t)

for f in simusers:
    s=open(f,encoding='utf8').read()
    open(f,'w',encoding='utf8').write(re.sub(r'^package .*;','package dev.totem.testkit.scenario;',s,flags=re.M))
