import { startProduct, tellWorkers } from "./product.ts";

/** Starts the product once for all files; what is returned ends it. */
async function setUp(): Promise<() => Promise<void>> {
  const product = await startProduct();
  tellWorkers(product.addresses);
  return async () => {
    const code = await product.stop();
    if (code !== 0) throw new Error(`npm start ended with ${code} when it was interrupted`);
  };
}

export default setUp;
