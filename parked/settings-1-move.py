import subprocess,re,os
os.makedirs('core/src/main/java/dev/totem/core/internal/settings',exist_ok=True)
A='core/src/main/java/dev/totem/core/'; B=A+'internal/settings/'
def mv(a,b): subprocess.run(['git','mv',a,b],check=True)
for n in('RingTiming','FlowLimits','BufferLimits'): mv(A+n+'.java',B+n+'.java')
mv(A+'TotemConfig.java',B+'NodeSettings.java')
files=[f for f in subprocess.run(['git','ls-files'],capture_output=True,text=True).stdout.split('\n') if f.endswith('.java')]
KEEP=re.compile(r'^(transport/src/main/java/dev/totem/transport/(UdpTotem|UdpTotemConfig)\.java|cli/|benchmarks/)')
for f in files:
    s=open(f).read(); t=s
    t=re.sub(r'\bdev\.totem\.core\.(RingTiming|FlowLimits|BufferLimits)\b',r'dev.totem.core.internal.settings.\1',t)
    if not KEEP.match(f) and not f.startswith(B):
        t=re.sub(r'\bdev\.totem\.core\.TotemConfig\b','dev.totem.core.internal.settings.NodeSettings',t)
        t=re.sub(r'(?<![\w.])TotemConfig\b','NodeSettings',t)
    if f.startswith(B):
        t=t.replace('package dev.totem.core;','package dev.totem.core.internal.settings;').replace('TotemConfig','NodeSettings')
    if t!=s: open(f,'w').write(t)
    # same-package tests of core API
