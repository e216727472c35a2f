import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { HomeFiguresEntity, onlyFigures } from './home-figures.entity.js'
import { figuresOf, type HomeFigures } from './home-figures.js'

/** Figures, and when they were counted. */
export interface CountedFigures {
  readonly figures: HomeFigures
  readonly countedAt: Date
}

const findRow = (unit: UnitOfWork): Promise<HomeFiguresEntity | null> =>
  unit.rows(HomeFiguresEntity).findOneBy({ id: onlyFigures })

/** The figures as they were last counted; null if they never were. */
export const findFigures = async (unit: UnitOfWork): Promise<CountedFigures | null> => {
  const row = await findRow(unit)
  const figures = row === null ? null : figuresOf(row.figures)
  return row === null || figures === null ? null : { figures, countedAt: row.countedAt }
}

/**
 * Claims the figures until the given time. Returns false if another instance has claimed them.
 */
export const claimFigures = async (
  unit: WritingUnitOfWork,
  now: Date,
  claimedUntil: Date,
): Promise<boolean> => {
  await unit.lockFor(HomeFiguresEntity.name)
  const row = await findRow(unit)
  if (row === null) {
    await unit
      .rows(HomeFiguresEntity)
      .insert({ id: onlyFigures, figures: '{}', countedAt: new Date(0), claimedUntil })
    return true
  }
  if (row.claimedUntil > now) return false
  await unit.rows(HomeFiguresEntity).update({ id: onlyFigures }, { claimedUntil })
  return true
}

/** Saves figures. Until the claim ends, no other instance counts again. */
export const saveFigures = async (
  unit: WritingUnitOfWork,
  { figures, countedAt }: CountedFigures,
  claimedUntil: Date,
): Promise<void> => {
  await unit
    .rows(HomeFiguresEntity)
    .update({ id: onlyFigures }, { figures: JSON.stringify(figures), countedAt, claimedUntil })
}
