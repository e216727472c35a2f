import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { ServerError } from '../forms/server-errors'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { SwitchedNumber } from './SwitchedNumber'
import { UnsavedSettings } from './UnsavedSettings'
import { useConfirmedDays } from './use-confirmed-days'

/** The text of the number by the name of the field, and whether the setting is on. */
interface Values {
  [name: string]: string | Record<string, boolean>
  enabled: Record<string, boolean>
}

interface Props {
  /** The name of the field, which is also its name in the API. */
  name: string
  /** The saved number of days; null if the setting is off. */
  saved: number | null
  /** The numbers that the API accepts, and the one that is offered first. */
  bounds: { readonly least: number; readonly greatest: number; readonly usual: number }
  texts: {
    /** The name of the switch. */
    readonly title: string
    readonly description: string
    /** The label of the number. */
    readonly days: string
    readonly confirmTitle: string
    readonly confirm: string
    readonly saved: string
  }
  /** What the question says before these days are saved. */
  question: (days: number) => ReactNode
  /** Sends the number of days. Returns the saved one, which is undefined after an error. */
  save: (days: number | null) => Promise<{
    readonly saved: number | null | undefined
    readonly errors: readonly ServerError[]
  }>
}

/** A setting of a number of days, which can be off. It asks before days with more effect are saved. */
export const ConfirmedDaysForm = ({ name, saved, bounds, texts, question, save }: Props) => {
  const { t } = useLocale()
  const { least, greatest, usual } = bounds
  const { days: asked, maySave, dialog } = useConfirmedDays(saved)

  const valuesOf = (days: number | null): Values => ({
    [name]: String(days ?? usual),
    enabled: { [name]: days !== null },
  })
  /** The number of days; null if the setting is off, undefined if the number is not allowed. */
  const typedDaysOf = (values: Values): number | null | undefined => {
    if (!values.enabled[name]) return null
    const typed = String(values[name]).trim()
    if (typed.length > String(greatest).length || !/^\d+$/.test(typed)) return undefined
    const days = Number(typed)
    return days < least || days > greatest ? undefined : days
  }

  return (
    <>
      <ConfirmDialog {...dialog} title={texts.confirmTitle} confirm={texts.confirm} danger>
        {asked !== undefined && question(asked)}
      </ConfirmDialog>
      <ServerForm<Values>
        initialValues={valuesOf(saved)}
        validate={values =>
          typedDaysOf(values) === undefined
            ? { [name]: t('password-policy.bound.range', { least, greatest }) }
            : {}
        }
        onSubmit={async (values, form) => {
          const days = typedDaysOf(values) ?? null
          if (!(await maySave(days))) return []
          const result = await save(days)
          if (result.saved !== undefined) {
            form.resetForm({ values: valuesOf(result.saved) })
            notifySuccess(texts.saved)
          }
          return result.errors
        }}
      >
        {(refusal, form) => (
          <>
            <UnsavedSettings
              saved={valuesOf(saved)}
              isSame={(one, other) => typedDaysOf(one) === typedDaysOf(other)}
            />
            <Stack gap="lg">
              <SwitchedNumber
                name={name}
                title={texts.title}
                description={texts.description}
                bound={{ label: texts.days, least, greatest }}
              />
              <FailureAlert failure={refusal} />
              <SaveButtons
                dirty={form.dirty}
                busy={form.isSubmitting && asked === undefined}
                onDiscard={() => form.resetForm()}
              />
            </Stack>
          </>
        )}
      </ServerForm>
    </>
  )
}
