import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'

// Of lines that a pipe does not take yet. Later ones are lost.
const mostWaitingBytes = 1024 * 1024

/**
 * Standard output, for the log and for what the server says at its start. A disk can be full, and
 * the reader of a pipe can end or stall: then lines are lost and counted, and the server goes on.
 * It never waits for its log, and never ends because of it.
 */
export class LogOutput extends Writable {
  private lost = 0
  private unreported = 0
  private torn = false

  /** Is told how many lines were lost, once lines can be written again. */
  onRecovered: (lost: number) => void = () => undefined

  /** @param stream the process's own stream: a socket for a pipe or a terminal, else a file. */
  constructor(private readonly stream: NodeJS.WriteStream & { readonly fd: number }) {
    super({ decodeStrings: true })
    // Without anyone who listens, a failure would end the process.
    stream.on('error', () => undefined)
  }

  /** How many lines were lost since the start. */
  get lostLines(): number {
    return this.lost
  }

  /** Takes one line, and never fails. */
  override _write(line: Buffer, _encoding: string, done: () => void): void {
    const written = this.stream instanceof Socket ? this.send(line) : this.append(line)
    if (!written) this.lose()
    else if (this.unreported > 0) {
      const count = this.unreported
      this.unreported = 0
      setImmediate(() => this.onRecovered(count))
    }
    done()
  }

  /** Waits until all lines are written, so long at most. For a reader that stalls. */
  async flush(longestMs: number): Promise<void> {
    const { stream } = this
    if (!(stream instanceof Socket) || stream.destroyed) return
    await new Promise<void>(done => {
      setTimeout(done, longestMs)
      stream.write('', () => done())
    })
  }

  private lose(): void {
    this.lost += 1
    this.unreported += 1
  }

  private send(line: Buffer): boolean {
    const stream = this.stream as Socket
    if (stream.destroyed || stream.writableLength > mostWaitingBytes) return false
    stream.write(line, failure => {
      if (failure != null) this.lose()
    })
    return true
  }

  private append(line: Buffer): boolean {
    // The rest of a line that was cut off when the disk was full is no line of its own.
    const bytes = this.torn ? Buffer.concat([Buffer.from('\n'), line]) : line
    let offset = 0
    try {
      while (offset < bytes.length) offset += writeSync(this.stream.fd, bytes, offset)
    } catch {
      this.torn ||= offset > 0
      return false
    }
    this.torn = false
    return true
  }
}
