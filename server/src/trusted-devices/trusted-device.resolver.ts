import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { SessionOnly, SignedIn, sessionOnlyDescription } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import type { TrustedDeviceService } from './trusted-device.service.js'
import {
  isSameDevice,
  RevokeAllTrustedDevicesPayload,
  RevokeTrustedDeviceInput,
  RevokeTrustedDevicePayload,
  TrustedDeviceConnection,
  TrustedDeviceNotFound,
  TrustedDevicesArgs,
} from './trusted-device.type.js'

/** Lists and revokes the caller's trusted devices. */
@Resolver()
export class TrustedDeviceResolver {
  constructor(private readonly devices: TrustedDeviceService) {}

  @Query(() => TrustedDeviceConnection, {
    description: `A page of the caller’s own trusted devices, newest first. ${sessionOnlyDescription}`,
  })
  async trustedDevices(
    @Args(() => TrustedDevicesArgs) args: TrustedDevicesArgs,
    @Ctx() context: Context,
  ): Promise<TrustedDeviceConnection> {
    const caller = context.requireSession()
    const page = await this.devices.list(caller, pageArgumentsOf(args))
    return new TrustedDeviceConnection(page, isSameDevice(context.trustedDeviceToken))
  }

  @Mutation(() => RevokeTrustedDevicePayload, {
    description:
      'Stops trusting one of the caller’s devices. Its next sign-in requires a second step.',
  })
  @SignedIn()
  @SessionOnly()
  async revokeTrustedDevice(
    @Arg('input', () => RevokeTrustedDeviceInput, { description: 'The device to stop trusting.' })
    input: RevokeTrustedDeviceInput,
    @Ctx() context: Context,
  ): Promise<RevokeTrustedDevicePayload> {
    const caller = context.requireSession()
    const payload = new RevokeTrustedDevicePayload()
    if (await this.devices.revoke(caller, input.id, context.origin)) payload.revokedId = input.id
    else payload.errors = [new TrustedDeviceNotFound()]
    return payload
  }

  @Mutation(() => RevokeAllTrustedDevicesPayload, {
    description:
      'Stops trusting all of the caller’s devices. Their next sign-ins require a second step.',
  })
  @SignedIn()
  @SessionOnly()
  async revokeAllTrustedDevices(@Ctx() context: Context): Promise<RevokeAllTrustedDevicesPayload> {
    const caller = context.requireSession()
    const payload = new RevokeAllTrustedDevicesPayload()
    payload.count = await this.devices.revokeAll(caller, context.origin)
    return payload
  }
}
