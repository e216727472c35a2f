import { OperationsTab } from '../operations/OperationsTab'
import { useMyAccount } from './MyAccountPage'

/** What was done on one's own profile. */
export const OwnOperationsTab = () => {
  const { user } = useMyAccount()
  return (
    <OperationsTab
      userId={user.id}
      name={user.name}
      own
      seesAll={user.permissions.includes('operations.read')}
    />
  )
}
