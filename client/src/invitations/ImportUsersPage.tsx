import { Alert, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { Breadcrumb } from '../ui/Breadcrumb'
import { PageTitle } from '../ui/PageTitle'
import { ChooseFile } from './ChooseFile'
import { importFieldsFor } from './column-names'
import { ImportPreview } from './ImportPreview'
import { ImportReport, type Report } from './ImportReport'
import type { ImportFile } from './import-file'

/** Adds many users from a file in three steps: choose the file, check it, and then invite. */
export const ImportUsersPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const [file, setFile] = useState<ImportFile | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const startAnew = () => {
    setFile(null)
    setReport(null)
  }
  const fields = importFieldsFor(viewer?.permissions ?? [])
  const mayInvite = viewer?.permissions.includes('users.invite') === true
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Breadcrumb
          group="account"
          above={{ title: t('invitations.page.above'), to: '/account/users' }}
          title={t('invitations.page.crumb')}
        />
        <PageTitle title={t('invitations.page.title')} />
      </Stack>
      {!mayInvite ? (
        <Alert icon={<IconLock />} title={t('invitations.page.forbiddenTitle')}>
          {t('invitations.page.forbidden')}
        </Alert>
      ) : file === null ? (
        <ChooseFile fields={fields} onChosen={setFile} />
      ) : report === null ? (
        <ImportPreview file={file} fields={fields} onDone={setReport} onCancel={startAnew} />
      ) : (
        <ImportReport report={report} onAgain={startAnew} />
      )}
    </Stack>
  )
}
