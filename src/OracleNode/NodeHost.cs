using Microsoft.Extensions.Logging.Console;
using OracleNode.Archive;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Pipeline;
using OracleNode.Replay;
using OracleNode.Reserves;
using OracleNode.Signing;
using OracleNode.Telemetry;
using OracleNode.Timekeeping;
using OracleNode.Tokens;

namespace OracleNode;

/// <summary>Puts the process together: configuration in, a host that runs the node out.</summary>
internal static class NodeHost
{
    /// <summary>How long the parts have to stop in order.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>No calendar is anywhere near this; it keeps a wrong path from reading something huge.</summary>
    private const long MaxCalendarBytes = 4 * 1024 * 1024;

    /// <summary>Builds a node that is ready to start; every file it names has been opened.</summary>
    /// <param name="configuration">With a section <c>OracleNode</c>.</param>
    /// <param name="clock">Market time; null for the system clock. Only Devnet and replay give another, no setting does.</param>
    /// <param name="logging">Where logs go; null for the console.</param>
    /// <exception cref="ConfigurationException">The configuration, or a file it names, is wrong; it lists every error.</exception>
    public static WebApplication Build(IConfiguration configuration, IMarketClock? clock = null, Action<ILoggingBuilder>? logging = null)
    {
        var settings = NodeSettingsFactory.Create(configuration);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "OracleNode" });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        (logging ?? LogToConsole)(builder.Logging);

        var listen = settings.Options.Health.Listen;
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(listen.Length == 0 ? "http://127.0.0.1:0" : listen);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        AddNode(builder.Services, settings, clock);

        var app = builder.Build();
        try
        {
            OpenEverything(settings, app.Services);
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }

        app.UseRouting();
        if (listen.Length > 0) HealthEndpoints.Map(app);
        return app;
    }

    private static void LogToConsole(ILoggingBuilder logging) => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        console.ColorBehavior = LoggerColorBehavior.Disabled;
    });

    private static void AddNode(IServiceCollection services, NodeSettings settings, IMarketClock? clock)
    {
        services.AddSingleton(settings);
        services.AddSingleton(_ => SettingsDigest.Of(settings));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(s => clock ?? new SystemMarketClock(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISigner>(_ => KeyFileSigner.Open(settings.Options.Signing.KeyFile));
        services.AddSingleton(_ => ReadCalendar(settings.Options));
        services.AddSingleton(s => s.GetRequiredService<RunningCalendar>().Current);
        services.AddSingleton(s => s.GetRequiredService<CalendarActivation>().Calendar);
        services.AddSingleton<PipelineSignal>();
        services.AddSingleton<RareInputQueue>();
        services.AddSingleton(s => new OperatorDocuments(
            settings, s.GetRequiredService<RunningCalendar>(), s.GetRequiredService<RareInputQueue>(), s.GetRequiredService<IMarketClock>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<OperatorDocuments>>(), s.GetRequiredService<DocumentEditions>(), s.GetRequiredService<CustodianBooks>().Documents));
        services.AddSingleton(_ => DocumentEditions.Open(settings.Options.Operator.StateFile));
        services.AddSingleton(s => new CustodianBooks(
            settings, s.GetRequiredService<IMarketClock>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<CustodianBooks>>(), s.GetRequiredService<DocumentEditions>()));
        services.AddSingleton(s => new AcceptedCodes(settings.Tokens, s.GetRequiredService<DocumentEditions>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<AcceptedCodes>>()));
        services.AddSingleton<NodeStatus>();
        services.AddSingleton(s => new NodeParts(settings, s));
        services.AddSingleton(s =>
        {
            var parts = s.GetRequiredService<NodeParts>();
            return new OraclePipeline(
                parts.Plan, parts.Ends, s.GetRequiredService<ISigner>(), s.GetRequiredService<IMarketClock>(), s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<PipelineSignal>(), parts.Reporter, parts.SignedLatency, s.GetRequiredService<ILogger<OraclePipeline>>(), s.GetService<InputRecording>(), s.GetService<EvidenceArchive>());
        });
        if (settings.Options.Evidence.IsOn)
        {
            services.AddSingleton(s => new EvidenceArchive(
                settings.Options.Evidence, s.GetRequiredService<SettingsDigest>(), s.GetRequiredService<IMarketClock>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<EvidenceArchive>>()));
            services.AddHostedService(s => s.GetRequiredService<EvidenceArchive>());
        }

        if (settings.Options.Recording.IsOn)
        {
            services.AddSingleton(s => new InputRecording(
                settings.Options.Recording, s.GetRequiredService<CalendarActivation>(), new EventNames(settings), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<InputRecording>>()));
            services.AddHostedService(s => s.GetRequiredService<InputRecording>());
        }

        services.AddSingleton(s => new RedisHealthWriter(
            settings.Options.Redis, settings.Options.Node, s.GetRequiredService<NodeStatus>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<RedisHealthWriter>>()));
        services.AddSingleton<NodeMetrics>();

        services.AddHostedService(s => s.GetRequiredService<OraclePipeline>());
        services.AddHostedService(s => new VendorSessions(s.GetRequiredService<NodeParts>().Sessions, s.GetRequiredService<NodeParts>().MarketStatus, s.GetRequiredService<NodeParts>().CorporateActions, s.GetRequiredService<ILogger<VendorSessions>>()));
        services.AddHostedService(s => s.GetRequiredService<RedisHealthWriter>());
        services.AddHostedService(s => s.GetRequiredService<OperatorDocuments>());
        services.AddHostedService(s => new ClockPoll(
            settings.Options.Clock, s.GetRequiredService<NodeParts>().CreateChainClocks(), s.GetRequiredService<RareInputQueue>(), s.GetRequiredService<IMarketClock>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ClockPoll>>()));
        services.AddHostedService(s => s.GetRequiredService<AcceptedCodes>());
        services.AddHostedService(s => s.GetRequiredService<NodeParts>().Tokens);
        services.AddHostedService(s => s.GetRequiredService<NodeParts>().Reserves);
        services.AddHostedService(s => s.GetRequiredService<NodeParts>().Wrappers);
    }

    /// <summary>Reads every file the configuration names now, so that all that is missing is said at once, before anything runs.</summary>
    private static void OpenEverything(NodeSettings settings, IServiceProvider services)
    {
        var errors = new List<string>();
        Try(() => services.GetRequiredService<ISigner>());
        Try(() => services.GetRequiredService<TradingCalendar>());
        Try(() => services.GetRequiredService<DocumentEditions>());
        foreach (var chain in settings.Options.Chains.Evm) Try(() => EvmAccount.Load(chain));
        foreach (var chain in settings.Options.Chains.Solana) Try(() => SolanaKeypair.LoadPayer(chain).Dispose());
        if (errors.Count > 0) throw new ConfigurationException(errors);
        services.GetRequiredService<OraclePipeline>();

        void Try(Action open)
        {
            try
            {
                open();
            }
            catch (Exception e) when (e is SigningException or CalendarException or ChainException or DocumentException)
            {
                errors.Add(e.Message);
            }
        }
    }

    /// <summary>Reads the calendars that the configuration names: the listing market's, and the overnight venue's where there is one.</summary>
    /// <exception cref="CalendarException">There is none, or it is none.</exception>
    internal static RunningCalendar ReadCalendar(NodeOptions options) => new(
        ReadFile("CalendarFile", options.CalendarFile, "Calendars/us-equities.json"),
        options.OvernightCalendarFile.Length == 0 ? null : ReadFile("OvernightCalendarFile", options.OvernightCalendarFile, "Calendars/us-overnight.json"));

    private static byte[] ReadFile(string key, string file, string shipped)
    {
        var path = Path.IsPathRooted(file) ? file : Path.Combine(AppContext.BaseDirectory, file);
        if (!File.Exists(path)) throw new CalendarException($"OracleNode:{key} = '{file}': there is no file at '{path}'. The shipped one is {shipped}.");
        var length = new FileInfo(path).Length;
        if (length > MaxCalendarBytes) throw new CalendarException($"OracleNode:{key} = '{file}': {length} bytes is no calendar; at most {MaxCalendarBytes} are read.");
        return File.ReadAllBytes(path);
    }
}
