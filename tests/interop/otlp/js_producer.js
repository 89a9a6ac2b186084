// A program that logs by OpenTelemetry's SDK for JavaScript. Arguments and output are
// those of python_producer.py; --retry is only here.
//
// The SDK's exporter for OTLP over gRPC does not try again itself: it hands a failure to
// its processor, which drops the records. With --retry the exporter is wrapped as an
// application does that must not lose any.
//
// NODE_PATH says where scripts/install-peers put the packages.
"use strict";

const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const { context, diag, DiagConsoleLogger, DiagLogLevel, trace } = require("@opentelemetry/api");
const { SeverityNumber } = require("@opentelemetry/api-logs");
const { AsyncLocalStorageContextManager } = require("@opentelemetry/context-async-hooks");
const { OTLPLogExporter } = require("@opentelemetry/exporter-logs-otlp-grpc");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const {
  BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor,
} = require("@opentelemetry/sdk-logs");
const { BasicTracerProvider } = require("@opentelemetry/sdk-trace-base");

const SUCCESS = 0;
// OTLP specification, "OTLP/gRPC Response": CANCELLED, DEADLINE_EXCEEDED,
// RESOURCE_EXHAUSTED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
const RETRYABLE = [1, 4, 8, 10, 11, 14, 15];
const RETRY_MS = 250;
const TIMEOUT_MS = 30000;  // for how long an export is tried

// Counts the records of exports that failed for good; with `retry`, exports again where
// that may help, until `deadlineMs` after the first attempt.
class WatchfulExporter {
  failed = 0;
  #inner;
  #retry;
  #deadlineMs;
  #pending = new Set();

  constructor(inner, retry, deadlineMs) {
    this.#inner = inner;
    this.#retry = retry;
    this.#deadlineMs = deadlineMs;
  }

  export(records, done) {
    const whole = this.#exportUntilTaken(records).then(done);
    this.#pending.add(whole);
    whole.finally(() => this.#pending.delete(whole));
  }

  async #exportUntilTaken(records) {
    const end = Date.now() + this.#deadlineMs;
    for (;;) {
      const result = await new Promise((done) => this.#inner.export(records, done));
      if (result.code === SUCCESS) return result;
      const again = this.#retry && RETRYABLE.includes(result.error?.code);
      if (!again || Date.now() > end) {
        this.failed += records.length;
        return result;
      }
      process.stderr.write(`exporting again: ${result.error.message}\n`);
      await sleep(RETRY_MS);
    }
  }

  async forceFlush() {
    await Promise.all(this.#pending);
  }

  async shutdown() {
    await this.forceFlush();
    await this.#inner.shutdown();
  }
}

// The value as JSON can have it.
function plain(value) {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value).replace("Infinity", "inf").toLowerCase();
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}

// Logs the record and prints what was logged.
function emit(provider, logger, record, scope = {}) {
  const timestamp = Date.now();
  provider.getLogger(logger, scope.version, scope).emit({ timestamp, ...record });
  const span = trace.getSpanContext(context.active());
  const attributes = { ...record.attributes };
  if (record.exception) {
    attributes["exception.type"] = record.exception.name;
    attributes["exception.message"] = record.exception.message;
    attributes["exception.stacktrace"] = record.exception.stack;
  }
  console.log(JSON.stringify({
    logger,
    time: timestamp / 1000,
    severity_number: record.severityNumber ?? 0,
    severity_text: record.severityText ?? "",
    body: plain(record.body),
    attributes: plain(attributes),
    trace_id: span?.traceId ?? null,
    span_id: span?.spanId ?? null,
    event_name: record.eventName,
    scope_version: scope.version,
    scope_attributes: scope.attributes,
  }));
}

function emitEveryKind(provider) {
  const info = { severityNumber: SeverityNumber.INFO, severityText: "INFO" };
  for (const [text, number] of Object.entries(SeverityNumber)) {
    if (typeof number !== "number") continue;
    emit(provider, "shop.cart", { severityNumber: number, severityText: text, body: text });
  }
  emit(provider, "shop.cart", { severityNumber: SeverityNumber.WARN2, body: "only a number" });
  emit(provider, "shop.cart", { severityText: "ERROR", body: "only a text" });
  emit(provider, "shop.cart", { body: "no severity" });
  emit(provider, "shop.cart", { ...info, body: "" });
  emit(provider, "shop.cart", {
    ...info, body: 'Grüße, 世界 🛒 "quoted" back\\slash\ttab\nsecond line % {} $',
  });

  const bodies = [
    {
      order: 7, paid: true, total: 12.5, who: 'Zoë "Z"', none: null,
      items: [{ sku: "a-1", count: 2 }, { sku: "b-2", count: 1 }],
      empty: {}, list: [], deep: { er: { still: [1, [2, [3]]] } },
    },
    ["a", 1, -2.5, false, null], 42, 2.5, true, null, new Uint8Array([0, 255, 98]),
  ];
  for (const body of bodies) emit(provider, "shop.cart", { ...info, body });

  emit(provider, "shop.cart.payment", {
    ...info, body: "with attributes", eventName: "shop.paid",
    attributes: {
      order_id: 1017, "http.request.method": "POST", customer: "Zoë 世界",
      paid: true, refunded: false, least: Number.MIN_SAFE_INTEGER,
      greatest: Number.MAX_SAFE_INTEGER, zero: 0, ratio: 0.1, large: 1e300, infinite: Infinity,
      empty: "", tags: ["a", "ü"], counts: [1, 2, 3], mixed: [1, "two", 3.5, null, true],
      address: { city: "Köln", lines: ["1", "2"], geo: { lat: 50.94 } },
      nothing: null, token: new Uint8Array([0, 1, 254, 255]),
      "code.file.path": "/srv/shop/pay.js", "code.line.number": 12,
      "code.function.name": "pay", "thread.id": 3,
    },
  });
  emit(provider, "shop.cart.payment", {
    ...info, body: "with the older names",
    attributes: {
      order_id: "ord-9", "code.filepath": "/srv/shop/old.js", "code.lineno": 99,
      "code.function": "payOld", "thread.id": 4,
    },
  });
  emit(provider, "shop.js", { ...info, body: "within a scope" }, {
    version: "1.2.3", attributes: { team: "checkout" },
  });

  try {
    null.refund();
  } catch (exception) {
    emit(provider, "shop.cart.payment", {
      severityNumber: SeverityNumber.ERROR, severityText: "ERROR", body: "refund failed",
      attributes: { order_id: "ord-7" }, exception,
    });
  }
  emit(provider, "shop.cart.payment", {
    ...info, body: "without a stack",
    attributes: { "exception.type": "Oops", "exception.message": "it\nbroke" },
  });

  trace.getTracer("shop").startActiveSpan("checkout", (span) => {
    emit(provider, "shop.cart.payment", {
      ...info, body: "within a span", attributes: { order_id: 1018 },
    });
    span.end();
  });
}

// A record each 10 ms until stdin ends.
async function emitNumbered(provider) {
  const loggers = ["shop", "shop.cart", "shop.cart.payment", "other"];
  let ended = false;
  process.stdin.on("end", () => { ended = true; }).resume();
  for (let number = 0; !ended; ++number) {
    emit(provider, loggers[number % loggers.length], {
      severityNumber: SeverityNumber.INFO, severityText: "INFO", body: `record ${number}`,
    });
    await sleep(10);
  }
}

function parsedArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      service: { type: "string", default: "shop" },
      simple: { type: "boolean" },
      gzip: { type: "boolean" },
      retry: { type: "boolean" },
      numbered: { type: "boolean" },
    },
  });
  return { ...values, endpoint: positionals[0] };
}

async function main() {
  const options = parsedArguments();
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  const exporter = new WatchfulExporter(new OTLPLogExporter({
    url: `http://${options.endpoint}`,
    compression: options.gzip ? "gzip" : "none",
    concurrencyLimit: 1000,
    timeoutMillis: TIMEOUT_MS,
  }), options.retry, TIMEOUT_MS);
  const processor = options.simple
    ? new SimpleLogRecordProcessor({ exporter })
    : new BatchLogRecordProcessor({
      exporter, scheduledDelayMillis: 100, exportTimeoutMillis: 2 * TIMEOUT_MS,
      maxQueueSize: 100000,
    });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({
      "service.name": options.service, "service.version": "2.1",
    }),
    processors: [processor],
  });

  if (options.numbered) {
    await emitNumbered(provider);
  } else {
    emitEveryKind(provider);
  }
  await provider.forceFlush();
  await provider.shutdown();
  console.log(JSON.stringify({ failed: exporter.failed }));
}

main();
