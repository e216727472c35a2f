import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const numbers = [1, 2, 3] as const
const postgresPrograms = '/usr/lib/postgresql/15/bin'
const password = 'failover'
const startupMs = 300_000

/** The ports of the set-up, all on loopback. */
export const ports = {
  etcd: (node: number) => 4_210 + node,
  etcdPeer: (node: number) => 4_220 + node,
  postgres: (node: number) => 4_230 + node,
  patroni: (node: number) => 4_240 + node,
  proxy: 4_250,
}

const environment = { PATH: `${process.env.PATH}`, HOME: '/tmp', LANG: 'C.UTF-8' }

/** Options that run a program as the user postgres: PostgreSQL refuses to run as root. */
const asPostgres = () => {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Three PostgreSQL servers under Patroni, with etcd and HAProxy, each in its own process. */
export class Cluster {
  private readonly children = new Map<string, ChildProcess>()
  private readonly user = asPostgres()

  constructor(private readonly dir: string) {}

  /** The URL of a database at the primary, through HAProxy. */
  urlOf(database: string, port = ports.proxy): string {
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  }

  /** Starts everything and waits until there is a primary with two standbys. */
  async start(): Promise<void> {
    execFileSync('chown', ['postgres', this.dir])
    const members = numbers.map(node => `e${node}=http://127.0.0.1:${ports.etcdPeer(node)}`)
    for (const node of numbers) {
      const [client, peer] = [ports.etcd(node), ports.etcdPeer(node)].map(
        port => `http://127.0.0.1:${port}`,
      )
      this.spawn(`etcd${node}`, 'etcd', [
        // Patroni's client for version 3 of the API lost a leader key in tests.
        ...['--enable-v2', '--name', `e${node}`, '--data-dir', join(this.dir, `etcd${node}`)],
        ...['--listen-client-urls', `${client}`, '--advertise-client-urls', `${client}`],
        ...['--listen-peer-urls', `${peer}`, '--initial-advertise-peer-urls', `${peer}`],
        ...['--initial-cluster', members.join(','), '--initial-cluster-state', 'new'],
        ...['--heartbeat-interval', '250', '--election-timeout', '2500'],
      ])
    }
    await wait(3_000)
    for (const node of numbers) this.startNode(node)
    writeFileSync(join(this.dir, 'haproxy.cfg'), haproxyText())
    this.spawn('haproxy', 'haproxy', ['-db', '-f', join(this.dir, 'haproxy.cfg')])
    const until = Date.now() + startupMs
    while (!(await this.isComplete())) {
      if (Date.now() > until) throw new Error(`The cluster did not start: see ${this.dir}.`)
      await wait(1_000)
    }
  }

  /** Starts Patroni of a node, which starts its PostgreSQL. */
  startNode(node: number): void {
    const file = join(this.dir, `patroni${node}.yml`)
    mkdirSync(join(this.dir, 'run'), { recursive: true })
    execFileSync('chown', ['postgres', join(this.dir, 'run')])
    writeFileSync(file, patroniText(this.dir, node))
    this.spawn(`patroni${node}`, 'patroni', [file])
  }

  /** The node that is the primary, or null. */
  async leader(): Promise<number | null> {
    const answers = await Promise.all(
      numbers.map(node => statusOf(`http://127.0.0.1:${ports.patroni(node)}/primary`)),
    )
    return numbers.find((_, index) => answers[index] === 200) ?? null
  }

  /** Waits for a primary other than this node. */
  async nextLeader(than: number): Promise<number> {
    for (;;) {
      const others = numbers.filter(node => node !== than)
      for (const node of others) {
        if ((await statusOf(`http://127.0.0.1:${ports.patroni(node)}/primary`)) === 200) return node
      }
      await wait(100)
    }
  }

  /** Whether there is a primary with two standbys, one of them synchronous. */
  async isComplete(): Promise<boolean> {
    const paths = ['primary', 'replica', 'sync']
    const counts = await Promise.all(
      paths.map(async path => {
        const all = numbers.map(node => statusOf(`http://127.0.0.1:${ports.patroni(node)}/${path}`))
        return (await Promise.all(all)).filter(status => status === 200).length
      }),
    )
    return counts.join() === '1,2,1'
  }

  /** Kills a node: Patroni and its PostgreSQL at the same time. */
  kill(node: number): void {
    this.signal(node, 'SIGKILL')
  }

  /** Freezes a node: its connections stay open, and nothing answers. */
  freeze(node: number): void {
    this.signal(node, 'SIGSTOP')
  }

  /** Ends the freeze of a node. */
  thaw(node: number): void {
    this.signal(node, 'SIGCONT')
  }

  /** Asks Patroni to make another node the primary. */
  async switchOver(from: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${ports.patroni(from)}/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: `node${from}` }),
      headers: { 'content-type': 'application/json' },
    })
    if (!answer.ok) throw new Error(`The switchover was refused: ${await answer.text()}`)
  }

  /** Runs SQL at the primary and returns the rows, columns separated by `|`. */
  query(database: string, sql: string): string[] {
    const args = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql, this.urlOf(database)]
    const text = execFileSync(join(postgresPrograms, 'psql'), args, { encoding: 'utf8' })
    return text.split('\n').filter(line => line !== '')
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    for (const node of numbers) this.signal(node, 'SIGCONT')
    for (const node of numbers) this.signal(node, 'SIGKILL')
    for (const child of this.children.values()) await end(child)
  }

  private signal(node: number, signal: NodeJS.Signals): void {
    const patroni = this.children.get(`patroni${node}`)
    if (patroni?.exitCode === null && patroni.signalCode === null) patroni.kill(signal)
    const pidFile = join(this.dir, `data${node}`, 'postmaster.pid')
    if (!existsSync(pidFile)) return
    const [postmaster = ''] = readFileSync(pidFile, 'utf8').split('\n')
    // An old file may name a process that no longer belongs to PostgreSQL.
    if (!isPostgres(postmaster, `data${node}`)) return
    const children = readChildren(postmaster)
    for (const pid of [postmaster, ...children]) {
      try {
        process.kill(Number(pid), signal)
      } catch {
        // The process has ended.
      }
    }
  }

  private spawn(name: string, program: string, args: string[]): void {
    const log = createWriteStream(join(this.dir, `${name}.log`), { flags: 'a' })
    const child = spawn(program, args, {
      cwd: this.dir,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...this.user,
    })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    this.children.set(name, child)
  }
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const isPostgres = (pid: string, dataName: string): boolean => {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) && readFileSync(file, 'utf8').includes(dataName)
}

const readChildren = (pid: string): string[] => {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean) : []
}

const statusOf = (url: string): Promise<number> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    async answer => {
      await answer.body?.cancel()
      return answer.status
    },
    () => 0,
  )

const haproxyText = () => `
global
  maxconn 1000
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 2s
listen primary
  bind 127.0.0.1:${ports.proxy}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 1s fastinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${numbers.map(node => `  server node${node} 127.0.0.1:${ports.postgres(node)} check port ${ports.patroni(node)}`).join('\n')}
`

const patroniText = (dir: string, node: number) => `
scope: rekey
name: node${node}
restapi:
  listen: 127.0.0.1:${ports.patroni(node)}
  connect_address: 127.0.0.1:${ports.patroni(node)}
etcd:
  hosts: ${numbers.map(each => `127.0.0.1:${ports.etcd(each)}`).join(',')}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters: {max_connections: 100, wal_log_hints: 'on'}
  initdb: [encoding: UTF8, data-checksums]
postgresql:
  listen: 127.0.0.1:${ports.postgres(node)}
  connect_address: 127.0.0.1:${ports.postgres(node)}
  data_dir: ${join(dir, `data${node}`)}
  bin_dir: ${postgresPrograms}
  pgpass: ${join(dir, 'run', `pgpass${node}`)}
  pg_hba:
    - host all all 127.0.0.1/32 scram-sha-256
    - host replication all 127.0.0.1/32 scram-sha-256
    - local all all trust
  parameters: {unix_socket_directories: '${join(dir, 'run')}'}
  authentication:
    superuser: {username: postgres, password: ${password}}
    replication: {username: replicator, password: ${password}}
    rewind: {username: rewinder, password: ${password}}
tags: {nofailover: false, noloadbalance: false, clonefrom: false, nosync: false}
`
