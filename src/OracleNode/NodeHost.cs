using Microsoft.Extensions.Logging.Console;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Guards;
using OracleNode.Health;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.Signing;
using OracleNode.Telemetry;
using OracleNode.Updates;
using OracleNode.Vendors;
using OracleNode.Vendors.Session;

namespace OracleNode;

/// <summary>Puts the node together from a configuration. The one place that knows every part.</summary>
internal static class NodeHost
{
    /// <summary>Builds a node that is ready to start.</summary>
    /// <param name="configuration">With a section <c>OracleNode</c>.</param>
    /// <param name="clock">Market time; null for the system clock. Only Devnet and replay give another, no setting does.</param>
    /// <param name="logging">Further logging; null for the console.</param>
    /// <exception cref="ConfigurationException">The configuration is wrong; it lists every error.</exception>
    /// <exception cref="SigningException">The signing key cannot be used.</exception>
    /// <exception cref="ChainException">A payer's key cannot be used.</exception>
    public static WebApplication Build(IConfiguration configuration, IMarketClock? clock = null, Action<ILoggingBuilder>? logging = null)
    {
        var settings = NodeSettingsFactory.Create(configuration);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "OracleNode" });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        if (logging is not null) logging(builder.Logging);
        else builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp, o.ColorBehavior) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true, LoggerColorBehavior.Disabled));

        var listen = settings.Options.Health.Listen;
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(listen.Length == 0 ? "http://127.0.0.1:0" : listen);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        AddNode(builder.Services, settings, clock);

        var app = builder.Build();
        if (listen.Length > 0) HealthEndpoints.Map(app);
        return app;
    }

    /// <summary>Opens everything the configuration names without starting anything: what <c>check</c> does.</summary>
    public static void Check(IConfiguration configuration)
    {
        using var app = Build(configuration);
        app.Services.GetRequiredService<OraclePipeline>();
    }

    private static void AddNode(IServiceCollection services, NodeSettings settings, IMarketClock? clock)
    {
        var options = settings.Options;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(s => clock ?? new SystemMarketClock(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISigner>(_ => KeyFileSigner.Open(options.Signing.KeyFile));
        services.AddSingleton(_ => ReadCalendar(options.CalendarFile));
        services.AddSingleton<PipelineSignal>();
        services.AddSingleton<NodeStatus>();
        services.AddSingleton(s => Ring(s, settings));
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<OraclePipeline>(s, s.GetRequiredService<NodeParts>().Plan, s.GetRequiredService<NodeParts>().Reporter, s.GetRequiredService<NodeParts>().SignedLatency));
        services.AddSingleton(s => new RedisHealthWriter(options.Redis, options.Node, s.GetRequiredService<NodeStatus>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<RedisHealthWriter>>()));
        services.AddSingleton<NodeMetrics>();
        services.AddHostedService(s => s.GetRequiredService<OraclePipeline>());
        services.AddHostedService(s => new VendorSessions(s.GetRequiredService<NodeParts>().Sessions));
        services.AddHostedService(s => s.GetRequiredService<RedisHealthWriter>());
        if (settings.Feeds.Any(f => f.Mint is not null))
        {
            services.AddSingleton(s => CreateWatcher(s, settings));
            services.AddHostedService(s => s.GetRequiredService<MultiplierWatcher>());
        }
    }
}
