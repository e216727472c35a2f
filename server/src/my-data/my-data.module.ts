import { MyDataService, type MyDataSources } from './my-data.service.js'

/** The download of everything that is stored about a user. */
export const myDataModule = {
  create: (sources: MyDataSources) => ({ services: { myData: new MyDataService(sources) } }),
}
