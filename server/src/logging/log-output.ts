import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'

// The limit of lines waiting for a slow pipe. Further lines are lost.
const maxWaitingBytes = 1024 * 1024

/**
 * Standard output, for the log and the messages at the start. A disk can be full, and the reader of
 * a pipe can end or stall. Then lines are lost and counted, and the server continues. It never
 * waits for its log, and never stops because of it.
 */
export class LogOutput extends Writable {
  private lost = 0
  private unreported = 0
  private torn = false

  /** Called with the number of lost lines when lines can be written again. */
  onRecovered: (lost: number) => void = () => undefined

  /**
   * @param stream the stream of the process: a socket for a pipe or a terminal, otherwise a file.
   */
  constructor(private readonly stream: NodeJS.WriteStream & { readonly fd: number }) {
    super({ decodeStrings: true })
    // Without a listener, an error would end the process.
    stream.on('error', () => undefined)
  }

  /** The number of lines lost since the start. */
  get lostLines(): number {
    return this.lost
  }

  /** Writes one line. Never fails. */
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

  /** Waits until all lines are written, at most `maxMs`, because the reader may have stalled. */
  async flush(maxMs: number): Promise<void> {
    const { stream } = this
    if (!(stream instanceof Socket) || stream.destroyed) return
    await new Promise<void>(done => {
      setTimeout(done, maxMs)
      stream.write('', () => done())
    })
  }

  private lose(): void {
    this.lost += 1
    this.unreported += 1
  }

  private send(line: Buffer): boolean {
    const stream = this.stream as Socket
    if (stream.destroyed || stream.writableLength > maxWaitingBytes) return false
    stream.write(line, failure => {
      if (failure != null) this.lose()
    })
    return true
  }

  private append(line: Buffer): boolean {
    // If the disk was full in the middle of a line, starts a new line.
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
