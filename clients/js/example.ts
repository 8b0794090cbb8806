import { belbaar } from "./belbaar.js";

const { mayCall, usePermit, record, api } = belbaar("http://127.0.0.1:8080", "bel_…");

export async function call(number: string): Promise<string> {
  const { allowed, verdict } = await mayCall({ number, caller: "voltix", product: "energy" });
  if (!allowed || !verdict?.permit) return "no call";
  const used = await usePermit({ permit: verdict.permit.token, number, presents: verdict.presents });
  return used.allowed ? "dial" : "no call";
}

export async function stop(number: string): Promise<number> {
  const outcome = await record({ event: "objection.made", number, caller: "voltix" });
  const { data } = await api.GET("/readyz");
  return data ? outcome.position : 0;
}
