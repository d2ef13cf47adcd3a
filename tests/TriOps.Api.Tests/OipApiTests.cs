using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TriOps.Serving.Tests;

namespace TriOps.Api.Tests;

public sealed class OipApiTests : IAsyncLifetime
{
    private const string Model = "/v2/models/demo.tumours";
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();
    public ValueTask DisposeAsync() => api.DisposeAsync();

    private static string Request(string numbers, string datatype = "FP32", string shape = "[1,2]", string categories = """["left"]""", string extra = "") => $$"""
        {"id":"42","inputs":[{"name":"numbers","shape":{{shape}},"datatype":"{{datatype}}","data":{{numbers}}},{"name":"categories","shape":[{{shape[1..shape.IndexOf(',')]}},1],"datatype":"BYTES","data":{{categories}}}]{{extra}}}
        """;

    [Fact]
    public async Task Server_HealthAndMetadata_AreAnswered()
    {
        Assert.True((await api.GetAsync("/v2/health/live"))["live"].GetBoolean());
        Assert.True((await api.GetAsync("/v2/health/ready"))["ready"].GetBoolean());
        var server = await api.GetAsync("/v2");
        Assert.Equal(("triops", "binary_tensor_data"), (server["name"].GetString(), server["extensions"][0].GetString()));
    }

    [Fact]
    public async Task Metadata_OfAModel_ListsTensorsAndVersions()
    {
        await api.ServeAsync();
        foreach (var path in (string[])[Model, $"{Model}/versions/1"])
        {
            var metadata = await api.GetAsync(path);
            Assert.Equal(("demo.tumours", "onnx_onnxv1", "1"),
                (metadata["name"].GetString(), metadata["platform"].GetString(), metadata["versions"][0].GetString()));
            Assert.Equal(
                """[{"name":"numbers","datatype":"FP32","shape":[-1,2]},{"name":"categories","datatype":"BYTES","shape":[-1,1]}]""",
                metadata["inputs"].GetRawText());
            Assert.Equal("probabilities", metadata["outputs"][0].GetProperty("name").GetString());
            Assert.True((await api.GetAsync($"{path}/ready"))["ready"].GetBoolean());
        }
    }

    [Theory]
    [InlineData("[2,1]", "FP32")]
    [InlineData("[[2,1]]", "FP64")]
    [InlineData("[2,1]", "FP16")]
    [InlineData("[2.0001,1]", "FP16")] // The nearest half is 2.
    [InlineData("[2,1]", "INT64")]
    [InlineData("[2,true]", "FP32")]
    public async Task Infer_FlatOrNested_IsTheModelsAnswer(string numbers, string datatype)
    {
        await api.ServeAsync();
        var answer = await api.PostAsync($"{Model}/infer", Request(numbers, datatype));
        Assert.Equal(("demo.tumours", "1", "42"),
            (answer["model_name"].GetString(), answer["model_version"].GetString(), answer["id"].GetString()));
        var outputs = answer["outputs"].EnumerateArray().ToDictionary(o => o.GetProperty("name").GetString()!);
        Assert.Equal("[1,2]", outputs["probabilities"].GetProperty("shape").GetRawText());
        Assert.Equal(0.8808, outputs["probabilities"].GetProperty("data")[1].GetDouble(), 4);
        Assert.Equal("malignant", outputs["label"].GetProperty("data")[0].GetString());
        Assert.NotEmpty(outputs["id"].GetProperty("data")[0].GetString()!);
    }

    [Fact]
    public async Task Infer_NamedOutputs_AreGivenAlone()
    {
        await api.ServeAsync();
        var answer = await api.PostAsync($"{Model}/versions/1/infer", Request("[2,1]", extra: ",\"outputs\":[{\"name\":\"label\"}]"));
        Assert.Equal("label", answer["outputs"].EnumerateArray().Single().GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("[1]", "FP32", "[1,2]", "elements")]
    [InlineData("[1,2,3]", "FP32", "[1,3]", "shape")]
    [InlineData("[]", "FP32", "[0,2]", "shape")]
    [InlineData("[[1],[2]]", "FP32", "[1,2]", "dimension 0")]
    [InlineData("[[[1,2]]]", "FP32", "[1,2]", "nested deeper")]
    [InlineData("[1,\"x\"]", "FP32", "[1,2]", "not a number")]
    [InlineData("[1,1e99]", "FP64", "[1,2]", "not a number in the range")]
    [InlineData("[1,65520]", "FP16", "[1,2]", "65520 is not a number in the range of 16-bit floats")]
    [InlineData("[1,2]", "COMPLEX", "[1,2]", "datatype")]
    [InlineData("[1,2]", "BF16", "[1,2]", "datatype BF16; FP16, FP32")]
    [InlineData("[1,2]", "BYTES", "[1,2]", "datatype")]
    [InlineData("{}", "FP32", "[1,2]", "array")]
    public async Task Infer_TensorThatDoesNotFit_IsAnError(string numbers, string datatype, string shape, string says)
    {
        await api.ServeAsync();
        var answer = await api.PostAsync($"{Model}/infer", Request(numbers, datatype, shape));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(says, answer["error"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/demo.none", 404)]
    [InlineData("/v2/models/nodot", 404)]
    [InlineData("/v2/models/demo.tumours/versions/9", 404)]
    [InlineData("/v2/models/demo.tumours/versions/x", 404)]
    [InlineData("/v2/models/demo.none/ready", 404)]
    public async Task Model_ThatIsNotThere_IsAnError(string path, int status)
    {
        await api.ServeAsync();
        var answer = await api.GetAsync(path);
        Assert.Equal(status, (int)answer.Status);
        Assert.NotEmpty(answer["error"].GetString()!);
    }

    [Fact]
    public async Task Infer_Malformed_IsAnError()
    {
        await api.ServeAsync();
        foreach (var body in (string[])["", "null", "{}", "{\"inputs\":[]}", "{\"inputs\":[null]}", "{\"inputs\":5}", new string('[', 500)])
        {
            var answer = await api.PostAsync($"{Model}/infer", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.NotEmpty(answer["error"].GetString()!);
        }
    }

    [Fact]
    public async Task Infer_BinaryTensors_GoBothWays()
    {
        await api.ServeAsync();
        var json = Encoding.UTF8.GetBytes("""
            {"inputs":[{"name":"numbers","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"categories","shape":[1,1],"datatype":"BYTES","parameters":{"binary_data_size":8}}],
             "outputs":[{"name":"probabilities","parameters":{"binary_data":true}},{"name":"label"}]}
            """);
        var tail = new byte[16];
        BinaryPrimitives.WriteSingleLittleEndian(tail, 2);
        BinaryPrimitives.WriteSingleLittleEndian(tail.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(8), 4);
        "left"u8.CopyTo(tail.AsSpan(12));
        using var request =
            new HttpRequestMessage(HttpMethod.Post, $"{Model}/infer") { Content = new ByteArrayContent([.. json, .. tail]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using var response = await api.Http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length")
            .Single(), System.Globalization.CultureInfo.InvariantCulture);
        var answer = JsonDocument.Parse(body.AsMemory(0, length)).RootElement.GetProperty("outputs");
        Assert.Equal(8, answer[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal("malignant", answer[1].GetProperty("data")[0].GetString());
        Assert.Equal(length + 8, body.Length);
        Assert.Equal(0.8808, BinaryPrimitives.ReadSingleLittleEndian(body.AsSpan(length + 4)), 4);
    }

    [Fact]
    public async Task Infer_BinaryHalves_AreRead()
    {
        await api.ServeAsync();
        var json = Encoding.UTF8.GetBytes("""
            {"inputs":[{"name":"numbers","shape":[1,2],"datatype":"FP16","parameters":{"binary_data_size":4}},{"name":"categories","shape":[1,1],"datatype":"BYTES","data":["left"]}],
             "outputs":[{"name":"probabilities"}]}
            """);
        var tail = new byte[4];
        BinaryPrimitives.WriteHalfLittleEndian(tail, (Half)2);
        BinaryPrimitives.WriteHalfLittleEndian(tail.AsSpan(2), (Half)1);
        using var request =
            new HttpRequestMessage(HttpMethod.Post, $"{Model}/infer") { Content = new ByteArrayContent([.. json, .. tail]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        var answer = await Answer.ReadAsync(await api.Http.SendAsync(request));
        Assert.Equal(0.8808, answer["outputs"][0].GetProperty("data")[1].GetDouble(), 4);
    }

    [Fact]
    public async Task Route_ThatIsNotThere_IsAnErrorOfTheProtocol()
    {
        var missing = await api.GetAsync("/v2/repository/index");
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (missing.Status, missing.MediaType));
        Assert.Contains("/v2/repository/index", missing["error"].GetString(), StringComparison.Ordinal);
        var wrong = await api.GetAsync($"{Model}/infer");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.Status);
        Assert.Contains("takes POST, not GET", wrong["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BinaryShorterThanAnnounced_IsAnError()
    {
        await api.ServeAsync();
        var json = """{"inputs":[{"name":"numbers","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""";
        var answer = await api.PostAsync($"{Model}/infer", json, ("Inference-Header-Content-Length", $"{json.Length}"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("announces 8 bytes", answer["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await api.PostAsync($"{Model}/infer", json, ("Inference-Header-Content-Length", "99999"))).Status);
    }
}
