import SQL from 'sql-template-tag'
import { LessThan, type SelectQueryBuilder } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { NotificationEntity } from './notification.entity.js'

/** Adds notifications. */
export const insertNotifications = (
  unit: WritingUnitOfWork,
  notifications: readonly NotificationEntity[],
): Promise<void> => insertMany(unit.rows(NotificationEntity), notifications)

/** Deletes the notifications of operations with ids less than this one. */
export const deleteNotifications = async (
  unit: WritingUnitOfWork,
  below: string,
): Promise<void> => {
  await unit.rows(NotificationEntity).delete({ operationId: LessThan(below) })
}

/** Adds the conditions, the order and the limit of a stretch of ids in this column. */
const within = (
  query: SelectQueryBuilder<OperationEntity>,
  column: string,
  { above, below, descending, limit }: Stretch<string>,
): SelectQueryBuilder<OperationEntity> => {
  if (above !== undefined) query.andWhere(`${column} > :above`, { above })
  if (below !== undefined) query.andWhere(`${column} < :below`, { below })
  return query.orderBy(column, descending ? 'DESC' : 'ASC').limit(limit)
}

/** A stretch of the operations that a user is notified of, ordered by id. */
export const listOperationsFor = (
  unit: UnitOfWork,
  userId: string,
  stretch: Stretch<string>,
): Promise<OperationEntity[]> => {
  const query = unit
    .rows(OperationEntity)
    .createQueryBuilder('operation')
    .innerJoin(NotificationEntity, 'notification', 'notification.operationId = operation.id')
    .where('notification.userId = :userId', { userId })
  return within(query, 'notification.operationId', stretch).getMany()
}

/** A stretch of the operations in which the server disabled a webhook, ordered by id. */
export const listDisabledWebhooks = (
  unit: UnitOfWork,
  stretch: Stretch<string>,
): Promise<OperationEntity[]> => {
  const query = unit
    .rows(OperationEntity)
    .createQueryBuilder('operation')
    .where("operation.action = 'DISABLE_WEBHOOK'")
  return within(query, 'operation.id', stretch).getMany()
}

/** How many operations after an id a user is notified of; stops at the maximum. */
export const countOperationsFor = async (
  unit: UnitOfWork,
  userId: string,
  above: string,
  max: number,
): Promise<number> => {
  const [row] = await unit.query<{ count: number | string }>(SQL`SELECT COUNT(*) AS count FROM (
    SELECT 1 FROM notifications JOIN operations ON operations.id = notifications.operation_id
    WHERE notifications.user_id = ${userId} AND notifications.operation_id > ${above}
    LIMIT ${max}) AS counted`)
  return Number(row?.count ?? 0)
}

/** How many webhooks the server disabled after an id; stops at the maximum. */
export const countDisabledWebhooks = async (
  unit: UnitOfWork,
  above: string,
  max: number,
): Promise<number> => {
  const [row] = await unit.query<{ count: number | string }>(SQL`SELECT COUNT(*) AS count FROM (
    SELECT 1 FROM operations WHERE action = 'DISABLE_WEBHOOK' AND id > ${above}
    LIMIT ${max}) AS counted`)
  return Number(row?.count ?? 0)
}
