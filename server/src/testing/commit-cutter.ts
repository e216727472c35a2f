import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What happens to the awaited COMMIT. */
type Cut =
  /** PostgreSQL receives it, and the connection breaks before the answer arrives. */
  | 'after'
  /** The connection breaks before PostgreSQL receives it. */
  | 'before'

interface Awaited {
  readonly statement: string
  readonly cut: Cut
  readonly unavailableForMs: number
  readonly done: () => void
}

/** A proxy in front of PostgreSQL that breaks the connection at a COMMIT. */
export class CommitCutter {
  private awaited: Awaited | undefined
  private away = false
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly target: URL,
    private readonly listener: Server,
  ) {}

  /** Starts a proxy in front of the database at this URL. */
  static async start(url: string): Promise<CommitCutter> {
    const listener = createServer()
    const cutter = new CommitCutter(new URL(url), listener)
    listener.on('connection', socket => cutter.join(socket))
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    return cutter
  }

  /** The URL of the database through the proxy. */
  get url(): string {
    const url = new URL(this.target)
    url.host = `127.0.0.1:${(this.listener.address() as AddressInfo).port}`
    return url.href
  }

  /**
   * Breaks the connection at the COMMIT of the next transaction that has a statement with this
   * text.
   *
   * @param unavailableForMs the time in milliseconds during which no client can connect afterwards.
   * @returns a promise that resolves when the connection was broken.
   */
  cutNext(statement: string, cut: Cut, unavailableForMs = 0): Promise<void> {
    return new Promise(done => {
      this.awaited = { statement, cut, unavailableForMs, done }
    })
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.listener.close()
    await once(this.listener, 'close')
  }

  private join(client: Socket): void {
    if (this.away) {
      client.destroy()
      return
    }
    const database = connect(Number(this.target.port), this.target.hostname)
    let sent = ''
    for (const socket of [client, database]) {
      this.sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.sockets.delete(socket)
        client.destroy()
        database.destroy()
      })
    }
    database.pipe(client)
    client.on('data', data => {
      sent += data.toString('latin1')
      const { awaited } = this
      if (awaited !== undefined && sent.includes(awaited.statement) && sent.includes('COMMIT\0')) {
        this.awaited = undefined
        this.cut(awaited, client, database, data)
        return
      }
      if (sent.includes('COMMIT\0') || sent.includes('ROLLBACK\0')) sent = ''
      database.write(data)
    })
  }

  private cut(
    { cut, unavailableForMs, done }: Awaited,
    client: Socket,
    database: Socket,
    data: Buffer,
  ): void {
    if (unavailableForMs > 0) {
      this.away = true
      for (const socket of this.sockets) {
        if (socket !== database && socket !== client) socket.destroy()
      }
      setTimeout(() => {
        this.away = false
      }, unavailableForMs)
    }
    if (cut === 'before') {
      client.destroy()
      done()
      return
    }
    database.unpipe(client)
    // PostgreSQL has answered: the transaction is committed, and only the client does not
    // know.
    database.once('data', () => {
      client.destroy()
      done()
    })
    database.resume()
    database.write(data)
  }
}
