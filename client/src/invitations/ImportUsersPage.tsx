import { Alert, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useViewer } from '../sessions/use-viewer'
import { Breadcrumb } from '../ui/Breadcrumb'
import { PageTitle } from '../ui/PageTitle'
import { ChooseFile } from './ChooseFile'
import { ImportPreview } from './ImportPreview'
import { ImportReport, type Report } from './ImportReport'
import type { ImportFile } from './import-file'

/** Adds many users from a file in three steps: choose the file, check it, and then invite. */
export const ImportUsersPage = () => {
  const { viewer } = useViewer()
  const [file, setFile] = useState<ImportFile | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const startAnew = () => {
    setFile(null)
    setReport(null)
  }
  const mayInvite = viewer?.permissions.includes('users.invite') === true
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Breadcrumb
          group="Account"
          above={{ title: 'Users', to: '/account/users' }}
          title="Import"
        />
        <PageTitle title="Import users" />
      </Stack>
      {!mayInvite ? (
        <Alert icon={<IconLock />} title="You may not add users">
          Ask an administrator if you need to.
        </Alert>
      ) : file === null ? (
        <ChooseFile onChosen={setFile} />
      ) : report === null ? (
        <ImportPreview file={file} onDone={setReport} onCancel={startAnew} />
      ) : (
        <ImportReport report={report} onAgain={startAnew} />
      )}
    </Stack>
  )
}
