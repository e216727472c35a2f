import { uuidv7 } from 'uuidv7'
import type { AccessGuard } from '../access/access-guard.service.js'
import { requirePermission } from '../access/require-permission.js'
import { BriefCache } from '../database/brief-cache.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import { type AddressRange, readAddressRange } from '../http/ip-address.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { type Text, text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import { isPlainText } from '../users/user-fields.js'
import type { AllowedAddressEntity } from './allowed-address.entity.js'
import * as store from './allowed-address.store.js'

/** The maximum number of ranges: the server checks every request against each of them. */
export const maxAllowedAddresses = 500
const maxLabelLength = 100
const staleForMs = 1000

/** The result of adding a range. */
export type AddResult =
  | { readonly kind: 'added'; readonly address: AllowedAddressEntity }
  | {
      readonly kind: 'invalid'
      readonly field: 'range' | 'label'
      readonly message: Text
    }
  | { readonly kind: 'listedAlready' }

/** The result of removing a range. */
export type RemoveResult = { readonly kind: 'removed' | 'notFound' | 'addressNotCovered' }

const problems = {
  INVALID: text('ip-authorization.error.rangeInvalid', {
    address: '203.0.113.7',
    range: '2001:db8::/48',
  }),
  TOO_WIDE: text('ip-authorization.error.rangeTooWide'),
}

// This service has stored the ranges in this form.
const rangeOf = ({ range }: AllowedAddressEntity): AddressRange => {
  const read = readAddressRange(range)
  if ('problem' in read) throw new Error(`${range} is not a range.`)
  return read.range
}

const covers = (ranges: readonly AddressRange[], ip: string): boolean =>
  ranges.some(range => range.contains(ip))

/** Decides from which addresses Rekey may be used, and manages that list. */
export class IpAuthorizationService {
  private readonly ranges: BriefCache<readonly AddressRange[]>

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
  ) {
    this.ranges = new BriefCache(
      () => this.database.read(async unit => (await store.listAllAllowed(unit)).map(rangeOf)),
      staleForMs,
    )
  }

  /**
   * Whether Rekey may be used from an address; always true while the list is off. It is called for
   * every request, and usually needs no query. A change by another instance or by the command line
   * takes effect within a second, for the switch as for the list.
   */
  async allows(ip: string): Promise<boolean> {
    const { ipAuthorization } = await this.settings.read()
    return !ipAuthorization || covers(await this.ranges.get(), ip)
  }

  /** Whether the list, on or off, covers an address in this unit of work. */
  async coversIn(unit: UnitOfWork, ip: string): Promise<boolean> {
    return covers((await store.listAllAllowed(unit)).map(rangeOf), ip)
  }

  /**
   * A page of the list, oldest first.
   *
   * @throws FORBIDDEN without `settings.manage`; BAD_USER_INPUT if the arguments are invalid.
   */
  async list(actor: Caller, page: PageArguments): Promise<CountedPage<AllowedAddressEntity>> {
    requirePermission(actor, 'settings.manage')
    return readPageById(page, {
      descending: false,
      idOf: ({ id }) => id,
      read: stretch => this.database.read(unit => store.listAllowed(unit, stretch)),
      countAll: () => this.database.read(unit => store.countAllowed(unit)),
    })
  }

  /** The ranges with these ids. @throws FORBIDDEN without `settings.manage`. */
  async findMany(actor: Caller, ids: readonly string[]): Promise<AllowedAddressEntity[]> {
    requirePermission(actor, 'settings.manage')
    return this.database.read(unit => store.findAllowed(unit, ids))
  }

  /**
   * Adds an address or a range.
   *
   * @throws as {@link AccessGuard.write}.
   */
  add(
    actor: Caller,
    given: { readonly range: string; readonly label: string },
    origin: RequestOrigin,
  ): Promise<AddResult> {
    const action = 'ADD_ALLOWED_ADDRESS'
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<AddResult> => {
      const read = readAddressRange(given.range)
      if ('problem' in read) return invalid('range', problems[read.problem])
      const label = given.label.normalize('NFC').trim()
      if ([...label].length > maxLabelLength) {
        return invalid(
          'label',
          text('ip-authorization.error.labelTooLong', { max: maxLabelLength }),
        )
      }
      if (!isPlainText(label)) {
        return invalid('label', text('ip-authorization.error.labelControl'))
      }
      const addresses = await store.listAllAllowed(unit)
      if (addresses.some(({ range }) => range === read.range.text)) return { kind: 'listedAlready' }
      if (addresses.length >= maxAllowedAddresses) {
        return invalid(
          'range',
          text('ip-authorization.error.listFull', { max: maxAllowedAddresses }),
        )
      }
      const address: AllowedAddressEntity = {
        id: uuidv7(),
        range: read.range.text,
        label,
        createdAt: new Date(),
        createdBy: caller.id,
      }
      await store.insertAllowed(unit, address)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: [changeOf('range', null, address.range)],
      })
      unit.afterCommit(() => this.ranges.forget())
      return { kind: 'added', address }
    })
  }

  /**
   * Removes a range. While the list is on, the remaining ranges must cover the caller's own
   * address. The check is part of the transaction, so two administrators who each remove the
   * other's range cannot both lock themselves out.
   *
   * @throws as {@link AccessGuard.write}.
   */
  remove(actor: Caller, id: string, origin: RequestOrigin): Promise<RemoveResult> {
    const action = 'REMOVE_ALLOWED_ADDRESS'
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<RemoveResult> => {
      const record = { action, actorId: caller.id, subjectId: null } as const
      const addresses = await store.listAllAllowed(unit)
      const removed = addresses.find(address => address.id === id)
      if (removed === undefined) return { kind: 'notFound' }
      const left = addresses.filter(address => address !== removed)
      const { ipAuthorization } = await this.settings.readIn(unit)
      if (ipAuthorization && !covers(left.map(rangeOf), origin.ip)) {
        const reason = 'ADDRESS_NOT_COVERED'
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return { kind: 'addressNotCovered' }
      }
      await store.deleteAllowed(unit, id)
      const changes = [changeOf('range', removed.range, null)]
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE', changes })
      unit.afterCommit(() => this.ranges.forget())
      return { kind: 'removed' }
    })
  }
}

const invalid = (field: 'range' | 'label', message: Text): AddResult => ({
  kind: 'invalid',
  field,
  message,
})
