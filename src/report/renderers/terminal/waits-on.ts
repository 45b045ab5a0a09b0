/** The last column of the table: what a function waits on, as far as there is room for it. */
import type { FootprintFields } from "../../footprint-report";
import type { RowReport } from "../../report";
import { footprintRemark } from "../footprint-words";
import { plainText, shorten, width } from "../plain-text";
import { firstAndMore, gain, rowRemark, slotName, slotNames } from "../words";

/** Never less is left of a variable's name. */
const LEAST_NAME = 8;

/** `totalSupply 1.0 → 6.3`, and a remark if there is room for it. */
export function waitsOn(row: RowReport & FootprintFields, room: number): string {
  const { topFix } = row;
  if (row.verdict === "unmeasured") {
    return shorten(footprintRemark(row), Math.max(0, room));
  }
  if (topFix === null) {
    return "";
  }
  const numbers = ` ${gain(topFix)}`;
  const names = topFix.slots.map(slotName);
  const bare = topFix.slots.map(({ variable }) => plainText(variable));
  const fitting = [slotNames(names), slotNames(bare), firstAndMore(bare)].find(
    (text) => width(text) + width(numbers) <= room,
  );
  const shortened = (): string => {
    const rest = firstAndMore(bare).slice((bare[0] ?? "").length);
    const left = Math.max(LEAST_NAME, room - width(numbers) - width(rest));
    return shorten(bare[0] ?? "", left) + rest;
  };
  const text = (fitting ?? shortened()) + numbers;
  const remark = rowRemark(row);
  const withRemark = `${text}, ${remark}`;
  return remark !== "" && width(withRemark) <= room ? withRemark : text;
}

/** The room in which nothing of it but the remark is left out. */
export function wantedRoom(row: RowReport & FootprintFields): number {
  const { topFix } = row;
  if (row.verdict === "unmeasured") {
    return width(footprintRemark(row));
  }
  return topFix === null ? 0 : width(`${slotNames(topFix.slots.map(slotName))} ${gain(topFix)}`);
}
