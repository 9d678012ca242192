import type { TransactionSql } from "#hub/db/client.ts";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";

type Row = { merchant_id: string; ingredient_id: string; amount: string; currency: string; per: string };

/** What ingredients cost, as the ledger has come to know it: the order of the log decides which cost an item has. */
export class Costs {
  readonly #costs: Map<string, IngredientCost>;

  private constructor(costs: Map<string, IngredientCost>) {
    this.#costs = costs;
  }

  static async load(sql: TransactionSql, merchants: readonly string[]): Promise<Costs> {
    if (merchants.length === 0) return new Costs(new Map());
    const rows = await sql<Row[]>`select merchant_id, ingredient_id, amount::text as amount, currency, per::text as per from ledger_ingredient_costs where merchant_id = any(${[...merchants]})`;
    return new Costs(new Map(rows.map(({ merchant_id, ingredient_id, amount, currency, per }) => [`${merchant_id} ${ingredient_id}`, { amount: { amount, currency }, per }])));
  }

  of(merchant: string, ingredient: string): IngredientCost | undefined {
    return this.#costs.get(`${merchant} ${ingredient}`);
  }

  async set(sql: TransactionSql, merchant: string, ingredient: string, cost: IngredientCost | null): Promise<void> {
    const key = `${merchant} ${ingredient}`;
    if (cost === null) {
      this.#costs.delete(key);
      await sql`delete from ledger_ingredient_costs where merchant_id = ${merchant} and ingredient_id = ${ingredient}`;
      return;
    }
    this.#costs.set(key, cost);
    const { amount, currency } = cost.amount;
    await sql`
      insert into ledger_ingredient_costs (merchant_id, ingredient_id, amount, currency, per) values (${merchant}, ${ingredient}, ${amount}, ${currency}, ${cost.per})
      on conflict (merchant_id, ingredient_id) do update set amount = excluded.amount, currency = excluded.currency, per = excluded.per`;
  }
}
