import re,subprocess
NAMES=dict(TokenRetransmit='TOKEN_RETRANSMIT',Hold='HOLD',Join='JOIN',SendJoin='SEND_JOIN',Consensus='CONSENSUS',Merge='MERGE',FailRecvConst='FAIL_RECV_CONST',SeqnoUnchangedConst='SEQNO_UNCHANGED_CONST',Token='TOKEN',Cluster='CLUSTER_NAME',
 WindowSize='WINDOW_SIZE',MaxMessages='MAX_MESSAGES',MissCountConst='MISS_COUNT_CONST',AcceleratedWindow='ACCELERATED_WINDOW',Netmtu='NETMTU',StoreFrames='STORE_FRAMES',
 MemoryBytes='MEMORY',MessageBytesMax='MAX_MESSAGE_SIZE',SubscriberEvents='SUBSCRIBER_EVENTS',SubscriberBytes='SUBSCRIBER_BYTES',SendsInFlight='SENDS_IN_FLIGHT',SendBytesInFlight='SEND_BYTES_IN_FLIGHT',StallLimit='STALL_LIMIT',CloseLimit='CLOSE_LIMIT')
def close(s,i): # s[i]=='(' -> index of matching ')'
    d=0
    while True:
        c=s[i]
        if c=='"':
            i+=1
            while s[i]!='"': i+= 2 if s[i]=='\\' else 1
        elif c=='(': d+=1
        elif c==')':
            d-=1
            if d==0: return i
        i+=1
def chain(s,i):
    """from i parse (\\s*.withX(args))* -> list of (X,args), end"""
    out=[]
    while True:
        m=re.compile(r'\s*\.with([A-Z]\w*)\(').match(s,i)
        if not m or m[1] not in NAMES: return out,i
        e=close(s,m.end()-1); out.append((m[1],s[m.end():e])); i=e+1
def conv(s):
    changed=False
    # nested
    while True:
        hit=None
        for m in re.finditer(r'\.with(Flow|Buffers|Timing)\(',s):
            e=close(s,m.end()-1); inner=s[m.end():e]
            k=re.match(r'\s*(?:(?:FlowLimits|BufferLimits|RingTiming)\s*\.\s*defaults\(\)|[\w.()]+?\s*\.(?:flow|buffers|timing)\(\))',inner)
            if k:
                c,i=chain(inner,k.end())
                if inner[i:].strip()=='' and c:
                    hit=(m.start(),e+1,''.join(f'.with(Settings.{NAMES[x]}, {a.strip()})' for x,a in c)); break
            k=re.match(r'\s*RingTiming\s*\.\s*forToken\(',inner)
            if k:
                e2=close(inner,k.end()-1); c,i=chain(inner,e2+1)
                if inner[i:].strip()=='':
                    hit=(m.start(),e+1,f'.with(Settings.TOKEN, {inner[k.end():e2]})'+''.join(f'.with(Settings.{NAMES[x]}, {a.strip()})' for x,a in c)); break
        if not hit: break
        s=s[:hit[0]]+hit[2]+s[hit[1]:]; changed=True
    # standalone defaults
    for typ,acc in(('FlowLimits','flow'),('BufferLimits','buffers'),('RingTiming','timing')):
        while True:
            m=re.search(rf'\b{typ}\s*\.\s*defaults\(\)',s)
            if not m: break
            c,i=chain(s,m.end())
            s=s[:m.start()]+'NodeSettings.defaults()'+''.join(f'.with(Settings.{NAMES[x]}, {a.strip()})' for x,a in c)+f'.{acc}()'+s[i:]; changed=True
    # direct
    for x in('Token','Cluster'):
        t=re.sub(rf'\.with{x}\(',f'.with(Settings.{NAMES[x]}, ',s)
        if t!=s: s=t; changed=True
    return s,changed
files=[f for f in subprocess.run(['git','ls-files'],capture_output=True,text=True).stdout.split('\n') if re.match(r'^(core/src/(test|main/java/dev/totem/core/internal)|testkit|security/src/test|transport/src/test|benchmarks/src/main/java/dev/totem/benchmarks/jmh)/.*\.java$',f) and 'internal/settings/' not in f]
for f in files:
    s=open(f).read()
    if not re.search(r'with(Flow|Buffers|Timing|Token|Cluster)\(|(FlowLimits|BufferLimits|RingTiming)\s*\.\s*defaults',s): continue
    t,ch=conv(s)
    if ch:
        def imp(n,t):
            if f'import {n};' in t: return t
            return re.sub(r'(?m)^(import (?!static))',f'import {n};\n\\1',t,count=1)
        t=imp('dev.totem.core.Settings',t)
        if re.search(r'\bNodeSettings\b',t): t=imp('dev.totem.core.internal.settings.NodeSettings',t)
        open(f,'w').write(t)
