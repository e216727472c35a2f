import { In } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { SignInNetworkEntity } from './sign-in-network.entity.js'

/** The networks someone has signed in from, the latest first. */
export const listNetworks = (unit: UnitOfWork, userId: string): Promise<SignInNetworkEntity[]> =>
  unit.rows(SignInNetworkEntity).find({ where: { userId }, order: { lastSeenAt: 'DESC' } })

/** Keeps a network, in place of what was known of it. */
export const saveNetwork = async (
  unit: WritingUnitOfWork,
  network: SignInNetworkEntity,
): Promise<void> => {
  await unit.rows(SignInNetworkEntity).upsert(network, ['userId', 'network'])
}

/** Forgets networks. */
export const deleteNetworks = async (
  unit: WritingUnitOfWork,
  userId: string,
  networks: readonly string[],
): Promise<void> => {
  await unit.rows(SignInNetworkEntity).delete({ userId, network: In([...networks]) })
}

/** Whether someone has signed in from a network. */
export const hasNetwork = (unit: UnitOfWork, userId: string, network: string): Promise<boolean> =>
  unit.rows(SignInNetworkEntity).existsBy({ userId, network })
