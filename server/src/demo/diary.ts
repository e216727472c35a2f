import type { Faker } from '@faker-js/faker'
import { UUID } from 'uuidv7'
import type {
  OperationAction,
  OperationEntity,
  OperationOutcome,
} from '../operations/operation.entity.js'
import type { OperationChange } from '../operations/operation-change.js'

/** An hour, in milliseconds. */
export const hourMs = 60 * 60 * 1000
/** A day, in milliseconds. */
export const dayMs = 24 * hourMs

/** Where someone of the demo uses Rekey. */
export interface Place {
  readonly ip: string
  readonly userAgent: string
}

const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
] as const

/** One of the places of a user. Its address is from a range reserved for documentation. */
export const placeOf = (user: number, which = 0): Place => {
  const number = user + which * 3
  const userAgent = browsers[number % browsers.length] ?? browsers[0]
  if (which === 0 && user % 5 < 3) return { ip: `203.0.113.${10 + (user % 6)}`, userAgent }
  if (user % 7 === 0) return { ip: `2001:db8:${(40 + (user % 50)).toString(16)}::1`, userAgent }
  return { ip: `198.51.100.${1 + ((user * 7 + which * 31) % 250)}`, userAgent }
}

/** A UUIDv7 of an earlier time, because lists are ordered by their ids. */
export const idAt = (at: Date, faker: Faker): string => {
  const part = (max: number) => faker.number.int({ min: 0, max })
  return UUID.fromFieldsV7(
    at.getTime(),
    part(2 ** 12 - 1),
    part(2 ** 30 - 1),
    part(2 ** 32 - 1),
  ).toString()
}

/** What an operation of the demo has beside its time, its action and its users. */
interface Details {
  readonly changes?: readonly OperationChange[]
  /** Error code, if the operation was refused. */
  readonly reason?: string
  readonly apiTokenPrefix?: string
}

/** Collects the operations of the demo. */
export class Diary {
  private readonly operations: OperationEntity[] = []

  constructor(private readonly faker: Faker) {}

  /** Adds an operation. The order of the calls does not matter. */
  note(
    at: Date,
    action: OperationAction,
    actorId: string | null,
    subjectId: string | null,
    place: Place,
    { changes = [], reason, apiTokenPrefix }: Details = {},
  ): void {
    const outcome: OperationOutcome = reason === undefined ? 'DONE' : 'REFUSED'
    this.operations.push({
      id: idAt(at, this.faker),
      at,
      action,
      outcome,
      reason: reason ?? null,
      actorId,
      subjectId,
      ...place,
      requestId: idAt(at, this.faker),
      apiTokenPrefix: apiTokenPrefix ?? null,
      changes,
      number: null,
      previousHash: null,
      hash: null,
    })
  }

  /** All operations, oldest first. */
  inOrder(): OperationEntity[] {
    return this.operations.sort((one, other) => one.at.getTime() - other.at.getTime())
  }
}
