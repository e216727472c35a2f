import type { Plugin } from 'vite'

/**
 * Lists the folders of the packages whose code is in web workers, because `build.license` of Vite
 * lists only those of pages.
 */
export const workerPackages = (): { page: Plugin; worker: Plugin } => {
  const folders = new Set<string>()
  return {
    worker: {
      name: 'worker-packages',
      generateBundle(_, bundle) {
        const files = Object.values(bundle)
        const modules = files.flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
        for (const id of modules) {
          const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? []
          if (folder !== undefined) folders.add(folder)
        }
      },
    },
    page: {
      name: 'worker-packages-of-the-page',
      apply: 'build',
      generateBundle() {
        const source = JSON.stringify([...folders].sort())
        this.emitFile({ type: 'asset', fileName: '.vite/worker-packages.json', source })
      },
    },
  }
}
