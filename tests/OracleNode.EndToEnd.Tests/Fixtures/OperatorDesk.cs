using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NodaTime;
using NodaTime.Text;
using NSec.Cryptography;
using OracleNode.Operator;
using OracleNode.Signing;
using OracleNode.VendorServers;

namespace OracleNode.Fixtures;

/// <summary>
/// An operator of the local system: a key, a folder and a web server from which the node takes its documents. Commands and the listing market's calendar are
/// files, the overnight venue's calendar is a URL.
/// </summary>
internal sealed class OperatorDesk : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oraclenode-operator-").FullName;
    private readonly ConcurrentDictionary<string, byte[]> _pages = new();
    private readonly LoopbackHost _web;
    private readonly List<JsonObject> _commands = [];
    private int _commandsGiven;
    private Instant _lastSigned;

    private OperatorDesk()
    {
        KeyFile.Create(KeyPath);
        KeyFile.Create(StrangerPath);
        _web = new LoopbackHost(HttpProtocols.Http1, static _ => { }, app => app.Run(async context =>
        {
            if (_pages.TryGetValue(context.Request.Path, out var page)) await context.Response.Body.WriteAsync(page);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        }));
    }

    private string KeyPath => Path.Combine(_folder, "operator.pem");

    private string StrangerPath => Path.Combine(_folder, "stranger.pem");

    private string CalendarPath => Path.Combine(_folder, "calendar.json");

    private string ActionsPath => Path.Combine(_folder, "corporate-actions.json");

    private string CommandsPath => Path.Combine(_folder, "commands.json");

    /// <summary>With the calendars that ship and no commands.</summary>
    public static async Task<OperatorDesk> OpenAsync()
    {
        var desk = new OperatorDesk();
        await desk._web.StartAsync(LocalSystem.Cancelled);
        desk.PutCalendar(ShippedFile("us-equities"));
        desk.PutOvernight(ShippedFile("us-overnight"));
        desk.PutCommands(Instant.FromUtc(2020, 1, 1, 0, 0));
        desk.PutActions(Instant.FromUtc(2020, 1, 1, 0, 0));
        return desk;
    }

    /// <summary>A calendar as it ships.</summary>
    public static JsonObject Shipped(string name) => JsonNode.Parse(ShippedFile(name))!.AsObject();

    /// <summary>Makes a node of this configuration look at the desk.</summary>
    public void Configure(JsonObject node)
    {
        using var key = KeyFile.Read(KeyPath);
        node["Operator"] = new JsonObject
        {
            ["PublicKeys"] = new JsonArray(Convert.ToHexStringLower(key.PublicKey.Export(KeyBlobFormat.RawPublicKey))),
            ["Calendar"] = CalendarPath,
            ["OvernightCalendar"] = $"http://127.0.0.1:{_web.Port}/overnight.json",
            ["Commands"] = CommandsPath,
            ["CorporateActions"] = ActionsPath,
            ["StateFile"] = Path.Combine(_folder, "editions.json"),
            ["Period"] = "00:00:01",
        };
    }

    public void PutCalendar(byte[] calendar, bool isByAStranger = false) => Write(CalendarPath, calendar, Sign(DocumentKind.Calendar, calendar, isByAStranger));

    public void PutOvernight(byte[] calendar, bool isByAStranger = false)
    {
        _pages["/overnight.json"] = calendar;
        _pages["/overnight.json.sig"] = Sign(DocumentKind.Calendar, calendar, isByAStranger);
    }

    /// <summary>Signs the corporate actions that stand.</summary>
    public void PutActions(Instant issuedAt, params ReadOnlySpan<JsonObject> actions)
    {
        var list = new JsonArray();
        foreach (var action in actions) list.Add(action);
        var file = Encoding.UTF8.GetBytes(new JsonObject { ["issuedAt"] = Edition(issuedAt), ["actions"] = list }.ToJsonString());
        Write(ActionsPath, file, Sign(DocumentKind.CorporateActions, file, isByAStranger: false));
    }

    /// <summary>Adds a command, and signs the document anew.</summary>
    public void Give(Instant now, JsonObject command)
    {
        command["id"] = $"test-{++_commandsGiven}";
        command["by"] = "the test";
        _commands.Add(command);
        PutCommands(now);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void PutCommands(Instant issuedAt)
    {
        var document = new JsonObject { ["issuedAt"] = Edition(issuedAt), ["commands"] = new JsonArray([.. _commands.Select(c => c.DeepClone())]) };
        var file = Encoding.UTF8.GetBytes(document.ToJsonString());
        Write(CommandsPath, file, Sign(DocumentKind.Commands, file, isByAStranger: false));
    }

    /// <summary>The time as documents write it, later than that of every one before: two that are signed within one second are two editions.</summary>
    private string Edition(Instant issuedAt)
    {
        _lastSigned = Instant.Max(issuedAt, _lastSigned + Duration.FromMilliseconds(1));
        return InstantPattern.ExtendedIso.Format(_lastSigned);
    }

    private static byte[] ShippedFile(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", name + ".json"));

    private static void Write(string path, byte[] file, byte[] signature)
    {
        File.WriteAllBytes(path, file);
        File.WriteAllBytes(path + ".sig", signature);
    }

    private byte[] Sign(DocumentKind kind, byte[] file, bool isByAStranger)
    {
        using var key = KeyFile.Read(isByAStranger ? StrangerPath : KeyPath);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(DocumentSignature.Sign(key, kind, Run.Devnet.Deployment, file)));
    }
}
