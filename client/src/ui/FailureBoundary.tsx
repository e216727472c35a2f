import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** What to show instead. */
  fallback: (failure: unknown) => ReactNode
}

/** Shows a failure in the place of the part that failed. Everything around it stays. */
export class FailureBoundary extends Component<Props, { failure?: { readonly of: unknown } }> {
  static getDerivedStateFromError = (of: unknown) => ({ failure: { of } })
  override readonly state: { readonly failure?: { readonly of: unknown } } = {}
  override render() {
    const { failure } = this.state
    return failure === undefined ? this.props.children : this.props.fallback(failure.of)
  }
}
